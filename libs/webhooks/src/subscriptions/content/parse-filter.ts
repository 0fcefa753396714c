import type { InputIssues } from '../input-issues.js';
import type { ContentFilter } from './content-filter.js';
import { FilterReader } from './filter-reader.js';

const MAX_BYTES = 16_384;

/**
 * Judges the form of a filter; whether the event types have its fields is another question.
 *
 * @returns a copy as JSON carries it; null when there is no filter, or an empty one
 */
export function parseFilter(value: unknown, issues: InputIssues): ContentFilter | null {
  if (value === undefined || value === null) return null;
  const filter = new FilterReader(issues).read(value);
  if (Buffer.byteLength(JSON.stringify(filter)) > MAX_BYTES) {
    issues.add('filter', `It is larger than ${MAX_BYTES} bytes as JSON.`);
  }
  return Object.keys(filter).length === 0 ? null : filter;
}
