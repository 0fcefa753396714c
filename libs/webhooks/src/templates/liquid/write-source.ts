import { formatPath, type PathKey } from '../plain-path.js';

const PLAIN_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const OPERATORS = new Set(['and', 'or', 'not', 'contains']);
const NOT_PLAIN = /[^A-Za-z0-9 _.,:;/+*()!?#&=@-]/g;

/** Writes a string literal that holds no quote, brace or percent sign, so that it is read in one way only. */
export function writeString(text: string): string {
  return `"${text.replace(NOT_PLAIN, (unit) => (unit < '\u0080' ? escaped(unit) : unit))}"`;
}

/** Writes literal text of a template. */
export function writeText(text: string): string {
  return text.includes('{') ? `{{ ${writeString(text)} }}` : text;
}

/** Writes a number the way the engine reads it, without an exponent. */
export function writeNumber(value: number): string {
  return Number.isInteger(value) ? BigInt(value).toString() : value.toFixed(16).replace(/0+$/, '');
}

/** Writes one step of a path behind others. */
export function writeKey(key: PathKey, isFirst: boolean): string {
  if (typeof key === 'number') return `[${key}]`;
  const isPlain = PLAIN_NAME.test(key) && !(isFirst && OPERATORS.has(key));
  if (!isPlain) return `[${writeString(key)}]`;
  return isFirst ? key : `.${key}`;
}

/** Writes the path of a property, for a filter's argument. */
export function writeProperty(keys: readonly PathKey[]): string {
  return writeString(formatPath(keys));
}

function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
