import { InputIssues } from './input-issues.js';
import { isWholeNumber } from './parse-fields.js';

/** Which page of which subscriptions. */
export interface ListQuery {
  /** Left out: those of all tenants. */
  readonly tenant?: string | undefined;
  /** From 1 to 250. @default 50 */
  readonly limit?: number | undefined;
  /** `next` of the page before. */
  readonly cursor?: string | undefined;
}

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 250;
const CURSOR = /^sub_[0-9A-Z]{26}$/;

/** @throws SubscriptionInvalidError */
export function parseListQuery({ tenant, limit = DEFAULT_LIMIT, cursor }: ListQuery): {
  readonly tenant: string | null;
  readonly limit: number;
  readonly after: string | null;
} {
  const issues = new InputIssues();
  // Null is somebody who has none, not an operator who sees all.
  if (!isTextOrLeftOut(tenant)) issues.add('tenant', 'It must be a text; left out, it means all tenants.');
  if (!isWholeNumber(limit, 1, MAX_LIMIT)) {
    issues.add('limit', `It must be a whole number from 1 to ${MAX_LIMIT}.`);
  }
  if (cursor !== undefined && !CURSOR.test(cursor)) {
    issues.add('cursor', 'It must be the `next` of the page before, unchanged.');
  }
  issues.throwIfAny();
  return { tenant: tenant ?? null, limit, after: cursor ?? null };
}

function isTextOrLeftOut(value: unknown): boolean {
  return value === undefined || typeof value === 'string';
}
