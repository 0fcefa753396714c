import { TemplateError } from '../errors/template-error.js';
import { nextOpening, readPiece } from './template-tokens.js';

/** What stands in the place of a template's pieces: no template holds it. */
const NO_TEXT = '\0';

/**
 * A template string with NUL in the place of everything but its literal text, which stays where it was. What cannot be read as a
 * template is literal as a whole.
 */
export function textAlone(source: string): string {
  let text = '';
  while (text.length < source.length) {
    const opening = nextOpening(source, text.length);
    text += source.slice(text.length, opening);
    if (opening < source.length) text += pieceAlone(source, opening);
  }
  return text;
}

function pieceAlone(source: string, opening: number): string {
  try {
    const { end, protects: [from, to] = [end, end] } = readPiece(source, opening, '');
    return NO_TEXT.repeat(from - opening) + source.slice(from, to) + NO_TEXT.repeat(end - to);
  } catch (error) {
    if (error instanceof TemplateError) return source.slice(opening);
    throw error;
  }
}
