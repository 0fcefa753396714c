import { TemplateError } from '../errors/template-error.js';
import type { Evaluate } from './leaf.js';

const PATH = 'url';
const AUTHORITY = /^https?:\/\/([^/?#]+)(?=[/?#]|$)/i;
const BEFORE_AUTHORITY_ENDS = /^(?:https?:\/\/[^/?#]*|https?:?\/?|h?t{0,2})$/i;

/** Blanks and controls that URL parsers drop without a word, and the `\` that they take for a `/`. */
const NOT_IN_URL = /[\u0000-\u0020\u007f\\]/;

/** @throws TemplateError URL_PLACEHOLDER_IN_AUTHORITY, URL_INVALID */
export function checkPlaceholderPlaces(parts: readonly (string | Evaluate)[]): void {
  const [first = ''] = parts;
  const head = typeof first === 'string' ? first : '';
  const placeholders = parts.some((part) => typeof part !== 'string');
  if (placeholders && BEFORE_AUTHORITY_ENDS.test(head)) {
    const problem =
      'Scheme, host and port must be literal; placeholders may follow after the first "/" or "?".';
    throw new TemplateError('URL_PLACEHOLDER_IN_AUTHORITY', PATH, problem);
  }
  for (const part of parts) if (typeof part === 'string') checkUrlText(part);
}

/** @throws TemplateError URL_INVALID */
export function checkUrlText(text: string): void {
  if (!NOT_IN_URL.test(text)) return;
  throw invalid('A URL cannot hold blanks, control characters or "\\": write them percent-encoded.');
}

/**
 * The literal text of scheme and authority.
 *
 * @throws TemplateError URL_INVALID
 */
export function parseAuthority(url: string): string {
  const [text, authority] = AUTHORITY.exec(url) ?? [];
  if (text === undefined || authority === undefined) {
    throw invalid('A URL must be absolute and begin with "https://" or "http://".');
  }
  if (authority.includes('@')) {
    throw invalid('A URL cannot carry user name and password: send an Authorization header.');
  }
  return text;
}

/** @throws TemplateError URL_INVALID */
export function parseUrl(url: string): URL {
  try {
    return new URL(url);
  } catch {
    // No cause: it holds the whole URL, tokens and all.
    throw invalid('This is not a valid URL.');
  }
}

function invalid(problem: string): TemplateError {
  return new TemplateError('URL_INVALID', PATH, problem);
}
