function sorted(values) {
  return [...values].sort((left, right) => left - right);
}

/** The value below which this fraction of all lies. */
export function quantile(values, fraction) {
  const ordered = sorted(values);
  return ordered[Math.min(ordered.length - 1, Math.floor(fraction * ordered.length))];
}

/** The middle, or the mean of the two in the middle. */
export function median(values) {
  const ordered = sorted(values);
  const middle = ordered.length >> 1;
  return ordered.length % 2 === 1 ? ordered[middle] : (ordered[middle - 1] + ordered[middle]) / 2;
}

/** Median and range. */
export function summary(values) {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) };
}

/** The mean of two neighbours in time: what a machine that changes its speed did in between. */
export function between(before, after) {
  return (before + after) / 2;
}
