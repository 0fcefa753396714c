import { text, whole, type Fields } from './fields.js';

/** Whose things an operator wants. */
export const TENANT: Fields = { tenant: text("Whose, if an operator asks. Left out: every tenant's.") };

/** What every list takes. */
export const PAGE: Fields = {
  limit: whole('At most so many.', { minimum: 1, maximum: 250, default: 50 }),
  cursor: text('`next` of the page before.'),
  ...TENANT,
};
