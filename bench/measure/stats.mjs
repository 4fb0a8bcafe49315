// Medians and quartiles: a slice during which the machine did something else is an outlier, not a measurement.

export function quantile(values, at) {
  const sorted = [...values].sort((a, b) => a - b);
  const position = (sorted.length - 1) * at;
  const below = Math.floor(position);
  const above = Math.ceil(position);
  return sorted[below] + (sorted[above] - sorted[below]) * (position - below);
}

export function summary(values) {
  return { median: quantile(values, 0.5), low: quantile(values, 0.25), high: quantile(values, 0.75), values };
}

/** Ratios are taken within a turn, when both subjects met the same machine, and only then summarised. */
export function pairedRatio(values, reference) {
  return summary(values.map((value, turn) => value / reference[turn]));
}
