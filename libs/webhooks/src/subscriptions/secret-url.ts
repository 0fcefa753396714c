import { textAlone } from '../templates/text-alone.js';
import { holdsText, isSecretName, MASK } from './mask.js';

const BEFORE_PARAMETER = /[?&;]/;
/** A parameter of the query in a URL without its placeholders: what stands before its value, its name within, and its value. */
const PARAMETER = /([?&;]([^=&;#?\0]*)=)([^&;#]*)/g;

/** A parameter of a URL's query, and where its value stands. */
interface Parameter {
  readonly name: string;
  readonly value: string;
  readonly from: number;
}

/** A URL, or the template of one, with `********` in the place of what looks like a token in its query. */
export function maskedUrl(url: string): string {
  return withValues(url, (parameter) => (isSecretParameter(parameter) ? MASK : parameter.value));
}

/**
 * Puts the stored values in the place of masks: those of the parameters of the same name, the first for the first. A mask within a
 * placeholder is none: what is computed could be shown. Null when a value is not stored.
 */
export function unmaskedUrl(url: string, stored: string): string | null {
  const left = parametersOf(stored);
  let isWhole = true;
  const opened = withValues(url, ({ name, value }) => {
    const place = left.findIndex((each) => each.name === name);
    const [kept] = place === -1 ? [] : left.splice(place, 1);
    if (value !== MASK) return value;
    isWhole &&= kept !== undefined;
    return kept?.value ?? '';
  });
  return isWhole ? opened : null;
}

/** The values in its query that must not be shown. */
export function secretsOfUrl(url: string): readonly string[] {
  return parametersOf(url)
    .filter(isSecretParameter)
    .map(({ value }) => value);
}

function withValues(url: string, valueOf: (parameter: Parameter) => string): string {
  let written = '';
  let end = 0;
  for (const parameter of parametersOf(url)) {
    written += url.slice(end, parameter.from) + valueOf(parameter);
    end = parameter.from + parameter.value.length;
  }
  return written + url.slice(end);
}

function parametersOf(url: string): Parameter[] {
  if (!BEFORE_PARAMETER.test(url)) return [];
  return Array.from(textAlone(url).matchAll(PARAMETER), ({ index, 1: before, 2: name, 3: text }) => {
    const from = index + before!.length;
    return { name: name!, value: url.slice(from, from + text!.length), from };
  });
}

function isSecretParameter({ name, value }: Parameter): boolean {
  return value !== '' && isSecretName(decoded(name)) && holdsText(value);
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
