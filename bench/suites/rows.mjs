// A row of the report: one load, what each subject took for it, and Signalbox against the yardstick.
import { pairedRatio, summary } from '../measure/stats.mjs';

/** Without a target the ratio is information only. */
export function compared(name, unit, samples, reference, target) {
  const subjects = Object.fromEntries(Object.entries(samples).map(([subject, values]) => [subject, summary(values)]));
  const ratio = pairedRatio(samples.signalbox, samples[reference]);
  return { name, unit, subjects, reference, ratio, ...(target && { target, met: ratio.median <= target }) };
}
