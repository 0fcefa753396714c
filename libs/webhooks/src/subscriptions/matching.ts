const WILDCARD = '*';

/** Whether a pattern stands for several event types: `Order*`, `*`. */
export function isWildcard(pattern: string): boolean {
  return pattern.endsWith(WILDCARD);
}

/** Whether a pattern means an event type's name: that name itself, the beginning of it and `*`, or `*`. */
export function matches(pattern: string, typeName: string): boolean {
  return isWildcard(pattern) ? typeName.startsWith(pattern.slice(0, -1)) : pattern === typeName;
}

/** A test for many names against the same patterns. */
export function matcher(patterns: readonly string[]): (typeName: string) => boolean {
  const names = new Set(patterns.filter((pattern) => !isWildcard(pattern)));
  const wildcards = patterns.filter(isWildcard);
  return (typeName) => names.has(typeName) || wildcards.some((pattern) => matches(pattern, typeName));
}
