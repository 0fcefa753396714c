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

/** Which page of the changes of a subscription. */
export type ChangesQuery = Omit<ListQuery, 'tenant'>;

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 250;
const CURSOR = /^sub_[0-9A-Z]{26}$/;
const VERSION = /^[1-9][0-9]{0,14}$/;

/** @throws SubscriptionInvalidError */
export function parseListQuery({ tenant, limit = DEFAULT_LIMIT, cursor }: ListQuery): {
  readonly tenant: string | null;
  readonly limit: number;
  readonly after: string | null;
} {
  const issues = new InputIssues();
  // Null is somebody who has none, not an operator who sees all.
  if (!isTextOrLeftOut(tenant)) issues.add('tenant', 'It must be a text; left out, it means all tenants.');
  checkPage({ limit, cursor }, CURSOR, issues);
  issues.throwIfAny();
  return { tenant: tenant ?? null, limit, after: cursor ?? null };
}

/** @throws SubscriptionInvalidError */
export function parseChangesQuery({ limit = DEFAULT_LIMIT, cursor }: ChangesQuery): {
  readonly limit: number;
  readonly before: number;
} {
  const issues = new InputIssues();
  checkPage({ limit, cursor }, VERSION, issues);
  issues.throwIfAny();
  return { limit, before: cursor === undefined ? Number.MAX_SAFE_INTEGER : Number(cursor) };
}

function checkPage({ limit, cursor }: ChangesQuery, form: RegExp, issues: InputIssues): void {
  if (!isWholeNumber(limit, 1, MAX_LIMIT)) {
    issues.add('limit', `It must be a whole number from 1 to ${MAX_LIMIT}.`);
  }
  if (cursor !== undefined && !form.test(cursor)) {
    issues.add('cursor', 'It must be the `next` of the page before, unchanged.');
  }
}

function isTextOrLeftOut(value: unknown): boolean {
  return value === undefined || typeof value === 'string';
}
