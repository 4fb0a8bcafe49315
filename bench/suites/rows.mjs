// A row of the report: one load, what each subject took for it, and Signalbox against the yardstick.
import { pairedRatio, summary } from '../measure/stats.mjs';

/** A figure of Signalbox alone, with its own limit. */
export function single(name, unit, values, target) {
  const figure = summary(values);
  return { name, unit, subjects: { signalbox: figure }, target: `${target} ${unit}`, met: figure.median <= target };
}

/** Without a target the ratio is information only. */
export function compared(name, unit, samples, reference, target) {
  const subjects = Object.fromEntries(Object.entries(samples).map(([subject, values]) => [subject, summary(values)]));
  const ratio = pairedRatio(samples.signalbox, samples[reference]);
  return { name, unit, subjects, reference, ratio, ...(target && { target, met: ratio.median <= target }) };
}
