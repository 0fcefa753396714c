/**
 * Epoch milliseconds of an instant in ISO 8601; NaN also of a day that no calendar has: `Date.parse` alone reads 30 February
 * as 2 March.
 */
export function parseInstant(text: string): number {
  const day = text.slice(0, 10);
  const at = new Date(day);
  const isDay = !Number.isNaN(at.getTime()) && at.toISOString().startsWith(day);
  return isDay ? Date.parse(text) : NaN;
}
