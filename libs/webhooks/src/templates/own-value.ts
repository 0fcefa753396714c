import type { Evaluate } from './leaf.js';
import { SECRETS } from './known-secrets.js';
import type { PathKey } from './plain-path.js';

/** Reads an own property; what an object inherits, and a list's `length`, do not exist. */
export function ownValue(holder: unknown, key: PathKey): unknown {
  if (typeof holder !== 'object' || holder === null) return undefined;
  if (typeof key === 'string' && Array.isArray(holder)) return undefined;
  return Object.hasOwn(holder, key) ? (holder as Record<PathKey, unknown>)[key] : undefined;
}

/** Compiles a path into a getter, so that nothing is parsed at send time. */
export function compileGetter(keys: readonly PathKey[]): Evaluate {
  const [only, name = ''] = keys;
  if (only === SECRETS) return ({ secrets }) => ownValue(secrets, name);
  if (keys.length === 1 && only !== undefined) return ({ data }) => ownValue(data, only);
  return ({ data }) => {
    let value: unknown = data;
    for (const key of keys) value = ownValue(value, key);
    return value;
  };
}
