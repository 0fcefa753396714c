import { ValidateBy } from 'class-validator';

const EIGHT_HOURS_MS = 8 * 3_600_000;

/** The instant of `2023-07-24 19:50:00` in UTC+08:00; invalid for what {@link IsAtlasTime} refuses. */
export function fromAtlasTime(text: string): Date {
  return new Date(`${text.replace(' ', 'T')}+08:00`);
}

/** An instant as Atlas writes it: UTC+08:00 without saying so, in whole seconds. */
export function toAtlasTime(at: Date): string {
  return new Date(at.getTime() + EIGHT_HOURS_MS).toISOString().slice(0, 19).replace('T', ' ');
}

/** A time as Atlas writes it, on a day that the calendar has: `Date` would read 30 February as 1 March. */
export function IsAtlasTime(): PropertyDecorator {
  return ValidateBy({
    name: 'isAtlasTime',
    validator: {
      validate: isAtlasTime,
      defaultMessage: () => '$property must be a time like 2023-07-24 19:50:00',
    },
  });
}

function isAtlasTime(text: unknown): boolean {
  if (typeof text !== 'string') return false;
  const at = fromAtlasTime(text);
  return !Number.isNaN(at.getTime()) && toAtlasTime(at) === text;
}
