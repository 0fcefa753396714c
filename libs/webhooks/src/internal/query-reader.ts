import { QueryInvalidError, type QueryIssue } from '../errors/query-invalid-error.js';
import { parseInstant } from './parse-instant.js';

const DEFAULT_LIMIT = 50;
/** Items of a page at the most. */
export const MAX_LIMIT = 250;
const MAX_TEXT = 1_000;
const ISO = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d))?$/;

/** Reads the fields of a query, and collects what is wrong with them, so that its sender learns everything at once. */
export class QueryReader {
  private readonly issues: QueryIssue[] = [];

  /** Null when it is left out. */
  text(path: string, value: unknown): string | null {
    if (value === undefined) return null;
    if (typeof value === 'string' && value !== '' && value.length <= MAX_TEXT && !value.includes('\0'))
      return value;
    return this.issue(path, `It must be a text of 1 to ${MAX_TEXT} characters; leave it out for all.`);
  }

  /** One that must not be left out. */
  required(path: string, value: unknown): string {
    return this.text(path, value ?? '') ?? '';
  }

  /** Null when it is left out. */
  flag(path: string, value: unknown): boolean | null {
    if (value === undefined || typeof value === 'boolean') return value ?? null;
    return this.issue(path, 'It must be true or false; leave it out for both.');
  }

  /** Null when it is left out. */
  oneOf<T extends string>(path: string, value: unknown, known: readonly T[]): T | null {
    if (value === undefined) return null;
    const found = known.find((each) => each === value);
    return found ?? this.issue(path, `It must be one of ${known.join(', ')}.`);
  }

  /** Null when it is left out. */
  list<T>(path: string, value: unknown, read: (path: string, item: unknown) => T | null): T[] | null {
    if (value === undefined) return null;
    if (!Array.isArray(value) || value.length === 0 || value.length > MAX_LIMIT) {
      return this.issue(path, `It must be a list of 1 to ${MAX_LIMIT} items; leave it out for all.`);
    }
    return value.flatMap((item, index) => read(`${path}[${index}]`, item) ?? []);
  }

  /** Epoch milliseconds; null when it is left out. */
  instant(path: string, value: unknown): number | null {
    if (value === undefined) return null;
    const isText = typeof value === 'string' && ISO.test(value);
    const ms = value instanceof Date ? value.getTime() : isText ? parseInstant(value) : NaN;
    if (!Number.isNaN(ms)) return ms;
    return this.issue(path, 'It must be an instant: "2026-03-01T12:00:00Z", with its time zone, or a Date.');
  }

  limit(value: unknown): number {
    if (value === undefined) return DEFAULT_LIMIT;
    if (Number.isInteger(value) && (value as number) >= 1 && (value as number) <= MAX_LIMIT)
      return value as number;
    this.issue('limit', `It must be a whole number from 1 to ${MAX_LIMIT}.`);
    return DEFAULT_LIMIT;
  }

  /** Null when it is left out. */
  cursor(value: unknown, form: RegExp): string | null {
    if (value === undefined) return null;
    if (typeof value === 'string' && form.test(value)) return value;
    return this.issue('cursor', 'It must be the `next` of the page before, unchanged, and of the same list.');
  }

  /** What the scope is limited to; null: nobody's is hidden. */
  tenant(value: unknown): string | null {
    // Null is somebody who has none, not an operator who sees all.
    return this.text('tenant', value);
  }

  /** @returns null */
  issue(path: string, message: string): null {
    this.issues.push({ path, message });
    return null;
  }

  /** @throws QueryInvalidError when something is wrong */
  throwIfAny(): void {
    const [first, ...more] = this.issues;
    if (first) throw new QueryInvalidError([first, ...more]);
  }
}
