import type { InputIssues } from './input-issues.js';

const EVERYTHING = ['*'];
const MAX_PATTERNS = 100;
const MAX_LENGTH = 200;

/** Names, aliases and wildcards: a list, or one alone. Left out means all. */
export function parseEventTypes(value: unknown, issues: InputIssues): readonly string[] {
  if (value === undefined) return EVERYTHING;
  const patterns: unknown = typeof value === 'string' ? [value] : value;
  if (!Array.isArray(patterns) || patterns.length === 0) {
    issues.add('event_types', 'It must be a list of event types, as ["OrderTicketed"], ["Order*"] or ["*"].');
    return EVERYTHING;
  }
  if (patterns.length > MAX_PATTERNS) {
    issues.add('event_types', `It names more than ${MAX_PATTERNS} event types: use wildcards, as "Order*".`);
  }
  patterns.forEach((pattern: unknown, index) => {
    const problem = patternProblem(pattern);
    if (problem !== null) issues.add(`event_types[${index}]`, problem);
  });
  return patterns as readonly string[];
}

function patternProblem(pattern: unknown): string | null {
  if (typeof pattern !== 'string' || pattern === '') return 'It must be the name of an event type.';
  if (pattern.length > MAX_LENGTH) return `It has more than ${MAX_LENGTH} characters.`;
  if (!pattern.slice(0, -1).includes('*')) return null;
  return 'A "*" can only stand at the end, as in "Order*".';
}
