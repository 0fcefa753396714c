import { TemplateError } from '../errors/template-error.js';

/** A piece of a template string: literal text, one `{{ … }}`, or one `{% … %}`. */
export type TemplateToken =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'output'; readonly expression: string }
  | { readonly kind: 'tag'; readonly name: string; readonly args: string };

/** Whether the string holds anything but literal text. */
export function hasTemplateSyntax(source: string): boolean {
  return source.includes('{{') || source.includes('{%');
}

const TAG_NAME = /^(?:#|[\p{L}_][\p{L}\p{N}_]*)/u;
const VERBATIM_END = { raw: /\{%-?\s*endraw\s*-?%\}/g, comment: /\{%-?\s*endcomment\s*-?%\}/g };

/**
 * Cuts a template string into its pieces. `{{-` and `-%}` take the blanks beside them away, as in Liquid; a text
 * piece that only held such blanks stays, empty, because a leaf with blanks outside its braces is a text leaf. What
 * `raw` protects becomes text, and a comment becomes empty text.
 *
 * @throws TemplateError TEMPLATE_SYNTAX when something is not closed
 */
export function tokenise(source: string, path: string): TemplateToken[] {
  const tokens: TemplateToken[] = [];
  let position = 0;
  let trimStart = false;
  while (position < source.length) {
    const opening = nextOpening(source, position);
    const piece = opening < source.length ? readPiece(source, opening, path) : undefined;
    if (opening > position) {
      const text = source.slice(position, opening);
      tokens.push({ kind: 'text', text: trimmed(text, trimStart, piece?.trimBefore ?? false) });
    }
    if (piece === undefined) return tokens;
    tokens.push(piece.token);
    trimStart = piece.trimAfter;
    position = piece.end;
  }
  return tokens;
}

/** A `{{ … }}` or `{% … %}` of a template string. */
export interface Piece {
  readonly token: TemplateToken;
  /** Where the text stands that `raw` protects. */
  readonly protects?: readonly [from: number, to: number];
  readonly trimBefore: boolean;
  readonly trimAfter: boolean;
  /** Where the string goes on. */
  readonly end: number;
}

interface Braces {
  readonly content: string;
  readonly trimBefore: boolean;
  readonly trimAfter: boolean;
  readonly end: number;
}

/**
 * Reads the piece that opens there.
 *
 * @throws TemplateError TEMPLATE_SYNTAX when it is not closed
 */
export function readPiece(source: string, opening: number, path: string): Piece {
  const braces = readBraces(source, opening, path);
  if (source[opening + 1] === '{')
    return { ...braces, token: { kind: 'output', expression: braces.content } };
  const name = TAG_NAME.exec(braces.content)?.[0];
  if (name === undefined) {
    throw new TemplateError('TEMPLATE_SYNTAX', path, 'A "{%" needs the name of a tag behind it.');
  }
  if (name === '#') return { ...braces, token: { kind: 'text', text: '' } };
  const args = braces.content.slice(name.length).trim();
  if (name !== 'raw' && name !== 'comment') return { ...braces, token: { kind: 'tag', name, args } };
  return readVerbatim(source, { ...braces, name }, path);
}

function readVerbatim(source: string, opening: Braces & { name: 'raw' | 'comment' }, path: string): Piece {
  const { name, end, trimBefore } = opening;
  const closing = new RegExp(VERBATIM_END[name]);
  closing.lastIndex = end;
  const found = closing.exec(source);
  if (found === null) {
    const problem = `A "{% ${name} %}" is not closed by "{% end${name} %}".`;
    throw new TemplateError('TEMPLATE_SYNTAX', path, problem);
  }
  const range = [end, name === 'raw' ? found.index : end] as const;
  const token = { kind: 'text', text: source.slice(...range) } as const;
  const trimAfter = found[0].endsWith('-%}');
  return { token, protects: range, trimBefore, trimAfter, end: found.index + found[0].length };
}

function readBraces(source: string, opening: number, path: string): Braces {
  const [left, right] = source[opening + 1] === '{' ? ['{{', '}}'] : ['{%', '%}'];
  const isRemark = /^-?\s*#/.test(source.slice(opening + 2, opening + 66));
  const closing =
    left === '{%' && isRemark ? source.indexOf(right, opening + 2) : closingOf(source, opening + 2, right);
  if (closing === -1) {
    throw new TemplateError('TEMPLATE_SYNTAX', path, `A "${left}" is not closed by "${right}".`);
  }
  let content = source.slice(opening + 2, closing);
  const trimBefore = content.startsWith('-');
  if (trimBefore) content = content.slice(1);
  const trimAfter = content.endsWith('-');
  if (trimAfter) content = content.slice(0, -1);
  return { content: content.trim(), trimBefore, trimAfter, end: closing + 2 };
}

/** Where the next piece opens; the end of the string when there is none. */
export function nextOpening(source: string, from: number): number {
  for (let index = source.indexOf('{', from); index !== -1; index = source.indexOf('{', index + 1)) {
    if (source[index + 1] === '{' || source[index + 1] === '%') return index;
  }
  return source.length;
}

function closingOf(source: string, from: number, right: string): number {
  for (let index = from; index < source.length; index += 1) {
    if (source.startsWith(right, index)) return index;
    if (source[index] === '"' || source[index] === "'") index = endOfString(source, index);
    if (index === -1) return -1;
  }
  return -1;
}

function endOfString(source: string, opening: number): number {
  const quote = source[opening];
  for (let index = opening + 1; index < source.length; index += 1) {
    if (source[index] === '\\') index += 1;
    else if (source[index] === quote) return index;
  }
  return -1;
}

function trimmed(text: string, start: boolean, end: boolean): string {
  const left = start ? text.trimStart() : text;
  return end ? left.trimEnd() : left;
}
