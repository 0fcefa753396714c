const EIGHT_HOURS_MS = 8 * 3_600_000;

/** The instant of `2023-07-24 19:50:00` in UTC+08:00, as the booking tables keep instants. */
export function fromAtlasTime(text: string): string {
  const at = new Date(`${text.replace(' ', 'T')}+08:00`);
  return Number.isNaN(at.getTime()) ? '' : at.toISOString();
}

/** An instant as Atlas writes it: UTC+08:00 without saying so. */
export function toAtlasTime(at: Date): string {
  return new Date(at.getTime() + EIGHT_HOURS_MS).toISOString().slice(0, 19).replace('T', ' ');
}
