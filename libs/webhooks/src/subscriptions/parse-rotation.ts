import { InputIssues } from './input-issues.js';
import { isWholeNumber, parseText } from './parse-fields.js';

/** How a signing secret is replaced. */
export interface RotationOptions {
  /** A signing secret of your own, `whsec_…`. @default a new one */
  readonly secret?: string;
  /** Seconds for which the old ones go on signing, at most 30 days; 0 ends them at once. @default 86400 */
  readonly overlap?: number;
}

const DAY_SECONDS = 86_400;
const MAX_OVERLAP = 30 * DAY_SECONDS;
const SECRET = { max: 200 };

/** @throws SubscriptionInvalidError */
export function parseRotation({ secret, overlap = DAY_SECONDS }: RotationOptions): {
  readonly own: string | null;
  readonly overlapMs: number;
} {
  const issues = new InputIssues();
  const own = parseText(secret, 'secret', issues, SECRET);
  if (!isWholeNumber(overlap, 0, MAX_OVERLAP)) {
    issues.add('overlap', `It must be a whole number of seconds from 0 to ${MAX_OVERLAP}.`);
  }
  issues.throwIfAny();
  return { own, overlapMs: overlap * 1_000 };
}
