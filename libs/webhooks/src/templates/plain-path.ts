/** One step of a path: a property's name, or an index into a list. */
export type PathKey = string | number;

const NAME = '[\\p{L}_][\\p{L}\\p{N}_-]*';
const FIRST = new RegExp(NAME, 'uy');
const STEP = new RegExp(`\\.(${NAME})|\\[(0|[1-9]\\d{0,8})\\]|\\["([^"\\\\]*)"\\]|\\['([^'\\\\]*)'\\]`, 'uy');

/** Liquid computes these instead of looking a property up. */
const COMPUTED_KEYS = new Set<PathKey>(['size', 'first', 'last']);
const LITERAL_WORDS = new Set(['true', 'false', 'nil', 'null', 'empty', 'blank']);

/**
 * Reads `pnr`, `passengers[0].name` or `a["b"]`.
 *
 * @returns the keys, or null when the expression is anything but a plain path
 */
export function parsePlainPath(expression: string): PathKey[] | null {
  FIRST.lastIndex = 0;
  const first = FIRST.exec(expression)?.[0];
  if (first === undefined || LITERAL_WORDS.has(first)) return null;
  const keys: PathKey[] = [first];
  STEP.lastIndex = first.length;
  for (let end = first.length; end < expression.length; end = STEP.lastIndex) {
    const step = STEP.exec(expression);
    const key = step === null ? null : stepKey(step);
    if (key === null || COMPUTED_KEYS.has(key)) return null;
    keys.push(key);
  }
  return keys;
}

function stepKey([, name, index, doubleQuoted, singleQuoted]: RegExpExecArray): PathKey {
  if (index !== undefined) return Number(index);
  return name ?? doubleQuoted ?? singleQuoted ?? '';
}

/** Writes keys the way a template does: `passengers[0].name`, `a["b c"]`. */
export function formatPath(keys: readonly PathKey[]): string {
  return keys.reduce<string>((path, key) => appendKey(path, key), '');
}

/** `json_body` and `items` give `json_body.items`; names that are not words are quoted. */
export function appendKey(path: string, key: PathKey): string {
  if (typeof key === 'number') return `${path}[${key}]`;
  if (!/^[\w$-]+$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === '' ? key : `${path}.${key}`;
}
