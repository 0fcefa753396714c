import type { InputIssues } from '../input-issues.js';
import { pathProblem } from './path-text.js';

const MAX_PATHS = 100;

/** A list of paths. Left out or null means every field; an empty list means the envelope fields alone. */
export function parseProjection(value: unknown, issues: InputIssues): readonly string[] | null {
  if (value === undefined || value === null) return null;
  if (!Array.isArray(value)) {
    issues.add('fields', 'It must be a list of paths: ["pnr", "segments.origin"].');
    return null;
  }
  if (value.length > MAX_PATHS) {
    issues.add('fields', `It names more than ${MAX_PATHS} paths.`);
    return null;
  }
  // A copy has no holes.
  const paths = [...(value as readonly string[])];
  paths.forEach((path, index) => {
    const problem = pathProblem(path);
    if (problem !== null) issues.add(`fields[${index}]`, problem);
  });
  return paths;
}
