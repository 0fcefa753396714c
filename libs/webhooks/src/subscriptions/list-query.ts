import { QueryReader } from '../internal/query-reader.js';

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

const CURSOR = /^sub_[0-9A-Z]{26}$/;
const VERSION = /^[1-9][0-9]{0,14}$/;

/** @throws QueryInvalidError */
export function parseListQuery(query: ListQuery): {
  readonly tenant: string | null;
  readonly limit: number;
  readonly after: string | null;
} {
  const reader = new QueryReader();
  const tenant = reader.tenant(query.tenant);
  const limit = reader.limit(query.limit);
  const after = reader.cursor(query.cursor, CURSOR);
  reader.throwIfAny();
  return { tenant, limit, after };
}

/** @throws QueryInvalidError */
export function parseChangesQuery(query: ChangesQuery): { readonly limit: number; readonly before: number } {
  const reader = new QueryReader();
  const limit = reader.limit(query.limit);
  const before = reader.cursor(query.cursor, VERSION);
  reader.throwIfAny();
  return { limit, before: before === null ? Number.MAX_SAFE_INTEGER : Number(before) };
}
