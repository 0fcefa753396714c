import { text, time, whole, type Fields } from './fields.js';

/** Whose things an operator wants. */
export const TENANT: Fields = { tenant: text("Whose, if an operator asks. Left out: every tenant's.") };

/** When the event was published. */
export const PERIOD: Fields = {
  since: time('Of events published at this instant or later.'),
  until: time('Of events published before this instant.'),
};

/** Which page. */
export const CURSOR: Fields = {
  limit: whole('At most so many.', { minimum: 1, maximum: 250, default: 50 }),
  cursor: text('`next` of the page before.'),
};

/** What most lists take. */
export const PAGE: Fields = { ...CURSOR, ...TENANT };
