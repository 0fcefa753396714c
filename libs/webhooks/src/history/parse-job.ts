import { JobInvalidError } from '../errors/job-invalid-error.js';
import { parseInstant } from '../internal/parse-instant.js';
import { QueryReader } from '../internal/query-reader.js';
import type { TenantScope } from '../subscriptions/subscription.editor.js';
import type { JobQuery, RecoverInput } from './job.js';

/** With an offset: without one it would be the time of wherever this process runs. */
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/;
const MAX_PATTERNS = 100;
const MAX_LENGTH = 200;
const CURSOR = /^job_[0-9A-Z]{26}$/;

/** A range of instants in epoch milliseconds. */
export interface JobRange {
  readonly since: number;
  /** Null: now. What lies ahead means that, too; when that is, the database says. */
  readonly until: number | null;
}

/** @throws JobInvalidError */
export function parseRange({ since, until }: RecoverInput): JobRange {
  const from = instant('since', since);
  const to = until === undefined ? null : instant('until', until);
  if (to !== null && from > to) throw wrongSince();
  return { since: from, until: to };
}

/** The range has no beginning. */
export function wrongSince(): JobInvalidError {
  return new JobInvalidError('since', 'It must be an instant before `until`, and not in the future.');
}

/** @throws JobInvalidError */
export function parsePatterns(value: unknown): readonly string[] | null {
  if (value === undefined) return null;
  if (!Array.isArray(value) || value.length === 0 || value.length > MAX_PATTERNS) {
    const form = `a list of 1 to ${MAX_PATTERNS} event types, as ["OrderTicketed"] or ["Order*"]; left out, it means all`;
    throw new JobInvalidError('event_types', `It must be ${form}.`);
  }
  value.forEach((pattern: unknown, index) => {
    if (isPattern(pattern)) return;
    const form = 'the name of an event type, or the beginning of one and "*"';
    throw new JobInvalidError(`event_types[${index}]`, `It must be ${form}.`);
  });
  return value as readonly string[];
}

/** @throws JobInvalidError */
export function parseDryRun(value: unknown): boolean {
  if (value === undefined || typeof value === 'boolean') return value ?? false;
  throw new JobInvalidError('dry_run', 'It must be true or false.');
}

/** Which page of which jobs. */
export interface JobPageQuery {
  readonly tenant: string | null;
  readonly subscriptionId: string | null;
  readonly limit: number;
  /** The last id of the page before. */
  readonly before: string | null;
}

/** @throws QueryInvalidError */
export function parseJobQuery(query: JobQuery, scope: TenantScope): JobPageQuery {
  const reader = new QueryReader();
  const tenant = reader.tenant(scope.tenant);
  const subscriptionId = reader.text('subscription_id', query.subscription_id);
  const limit = reader.limit(query.limit);
  const before = reader.cursor(query.cursor, CURSOR);
  reader.throwIfAny();
  return { tenant, subscriptionId, limit, before };
}

function isPattern(value: unknown): boolean {
  if (typeof value !== 'string' || value === '' || value.length > MAX_LENGTH) return false;
  return !value.slice(0, -1).includes('*');
}

function instant(path: string, value: unknown): number {
  const isText = typeof value === 'string' && INSTANT.test(value);
  const ms = value instanceof Date ? value.getTime() : isText ? parseInstant(value) : NaN;
  if (!Number.isNaN(ms)) return ms;
  const form = 'an instant in ISO 8601 with an offset, as "2026-03-01T09:30:00Z"';
  throw new JobInvalidError(path, `It must be ${form}.`);
}
