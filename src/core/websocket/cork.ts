/** Something whose writes can be held together. */
export interface Corkable {
  cork(): void;
  uncork(): void;
}

let corked: Corkable[] = [];

/**
 * Holds the writes of this tick together: all frames of one received chunk leave in one system call, which is where
 * most of a relay's time goes.
 */
export function corkForThisTick(target: Corkable): void {
  target.cork();
  if (corked.push(target) === 1) process.nextTick(uncorkAll);
}

function uncorkAll(): void {
  const targets = corked;
  corked = [];
  for (const target of targets) target.uncork();
}
