const MAX_LENGTH = 200;
const MAX_STEPS = 10;

/** What is wrong with the text of a path like `segments.origin`, whatever the event type; null: nothing. */
export function pathProblem(path: unknown): string | null {
  if (typeof path !== 'string' || path === '')
    return 'It must be the path of a field, as "pnr" or "segments.origin".';
  if (path.length > MAX_LENGTH) return `The path has more than ${MAX_LENGTH} characters.`;
  const steps = path.split('.');
  if (steps.length > MAX_STEPS) return `The path has more than ${MAX_STEPS} steps.`;
  return steps.includes('') ? 'The path has an empty step: write it as "segments.origin".' : null;
}
