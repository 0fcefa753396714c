import { SubscriptionInvalidError } from '../errors/subscription-invalid-error.js';
import { findAt } from '../errors/unknown-event-type-error.js';
import { isWildcard } from './matching.js';

/** What subscriptions ask of the catalog. */
export interface EventTypeNames<T extends { readonly name: string }> {
  find(nameOrAlias: string): T | undefined;
  /** Those with this name or alias, or one that begins so. Throws UnknownEventTypeError for a name nobody has. */
  matching(pattern: string): readonly T[];
}

/** Patterns as they are stored, and the event types they mean today. */
export interface ResolvedPatterns<T> {
  readonly patterns: readonly string[];
  readonly types: readonly T[];
}

/**
 * Turns aliases into names and finds what the patterns mean.
 *
 * @throws UnknownEventTypeError for a name that the catalog does not have
 * @throws SubscriptionInvalidError for a wildcard that means nothing
 */
export function resolvePatterns<T extends { readonly name: string }>(
  patterns: readonly string[],
  catalog: EventTypeNames<T>,
): ResolvedPatterns<T> {
  const types = patterns.map((pattern, index) => {
    const found = findAt(`event_types[${index}]`, () => catalog.matching(pattern));
    if (found.length > 0) return found;
    const message = `No registered event type begins like "${pattern}": register its class with WebhooksModule.forFeature().`;
    throw new SubscriptionInvalidError([{ path: 'event_types', message }]);
  });
  const names = patterns.map((pattern) => canonicalName(pattern, catalog));
  return { patterns: [...new Set(names)], types: [...new Set(types.flat())] };
}

/** The name behind an alias; a wildcard, or a name that the catalog no longer has, stays as it is. */
export function canonicalName(pattern: string, catalog: EventTypeNames<{ readonly name: string }>): string {
  return isWildcard(pattern) ? pattern : (catalog.find(pattern)?.name ?? pattern);
}
