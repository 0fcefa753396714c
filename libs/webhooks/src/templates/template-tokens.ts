import { TemplateError } from '../errors/template-error.js';

/** A piece of a template string: literal text, one `{{ … }}`, or the rest from the first `{% … %}` on. */
export type TemplateToken =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'output'; readonly expression: string }
  | { readonly kind: 'tag'; readonly source: string };

/** Whether the string holds anything but literal text. */
export function hasTemplateSyntax(source: string): boolean {
  return source.includes('{{') || source.includes('{%');
}

/**
 * Cuts a template string into its pieces. `{{-` and `-}}` take the blanks beside them away, as in Liquid; a text
 * piece that only held such blanks stays, empty, because a leaf with blanks outside its braces is a text leaf.
 *
 * A tag decides how everything after it is read (`raw`, `comment`), so the last token is then the tag and its rest.
 *
 * @throws TemplateError TEMPLATE_SYNTAX when a `{{` is not closed
 */
export function tokenise(source: string, path: string): TemplateToken[] {
  const tokens: TemplateToken[] = [];
  let position = 0;
  let trimStart = false;
  while (position < source.length) {
    const opening = nextOpening(source, position);
    const output = source[opening + 1] === '{' ? readOutput(source, opening, path) : undefined;
    if (opening > position) {
      const text = source.slice(position, opening);
      tokens.push({ kind: 'text', text: trimmed(text, trimStart, output?.trimBefore ?? false) });
    }
    if (output === undefined) {
      if (opening < source.length) tokens.push({ kind: 'tag', source: source.slice(opening) });
      return tokens;
    }
    tokens.push({ kind: 'output', expression: output.expression });
    trimStart = output.trimAfter;
    position = output.end;
  }
  return tokens;
}

interface Output {
  readonly expression: string;
  readonly trimBefore: boolean;
  readonly trimAfter: boolean;
  readonly end: number;
}

function readOutput(source: string, opening: number, path: string): Output {
  const closing = closingBraces(source, opening + 2);
  if (closing === -1) throw new TemplateError('TEMPLATE_SYNTAX', path, 'A "{{" is not closed by "}}".');
  let expression = source.slice(opening + 2, closing);
  const trimBefore = expression.startsWith('-');
  if (trimBefore) expression = expression.slice(1);
  const trimAfter = expression.endsWith('-');
  if (trimAfter) expression = expression.slice(0, -1);
  return { expression: expression.trim(), trimBefore, trimAfter, end: closing + 2 };
}

function nextOpening(source: string, from: number): number {
  const found = [source.indexOf('{{', from), source.indexOf('{%', from)].filter((index) => index !== -1);
  return Math.min(source.length, ...found);
}

function closingBraces(source: string, from: number): number {
  let quote = '';
  for (let index = from; index < source.length; index += 1) {
    const character = source.charAt(index);
    if (quote !== '') quote = character === quote ? '' : quote;
    else if (character === '"' || character === "'") quote = character;
    else if (character === '}' && source[index + 1] === '}') return index;
  }
  return -1;
}

function trimmed(text: string, start: boolean, end: boolean): string {
  const left = start ? text.trimStart() : text;
  return end ? left.trimEnd() : left;
}
