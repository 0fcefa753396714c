/** The floors and ceilings of issue and documentation, and whether a figure keeps to them. */

/** @returns a bar that a median must reach */
export function atLeast(value, unit = '') {
  return { value, unit, text: `≥ ${value}${unit}`, isMet: (median) => median >= value };
}

/** @returns a bar that a median must not exceed */
export function atMost(value, unit = '') {
  return { value, unit, text: `≤ ${value}${unit}`, isMet: (median) => median <= value };
}
