import { Injectable } from '@nestjs/common';

/** Paths of protocols that the settings have switched off: whatever is asked of them, they are not there. */
@Injectable()
export class AbsentPaths {
  private readonly roots = new Set<string>();

  /** @param roots first segments, such as `join` for `/join` and everything below */
  add(...roots: string[]): void {
    for (const root of roots) this.roots.add(root);
  }

  has(path: string): boolean {
    return this.roots.has(path.split('/')[1] ?? '');
  }
}
