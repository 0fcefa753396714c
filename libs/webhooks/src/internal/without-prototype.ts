/**
 * The same members, and none of a polluted `Object.prototype`: for options of which some are missing, which must not be
 * found there.
 */
export function withoutPrototype<T extends object>(members: T): T {
  return Object.assign(Object.create(null) as T, members);
}
