import { MASK } from './mask.js';

const SECRET_NAME = /token|secret|key|passw|pwd|signature|auth|credential|^sig$|^code$/i;
const PLACEHOLDERS = /\{\{.*?\}\}/gs;
/** A parameter of the query: what stands before its value, its name within, and its value, in which `{{ }}` is one piece. */
const PARAMETER = /([?&;]([^=&;#?{}]*)=)((?:\{\{.*?\}\}|[^&;#])*)/gs;

/** A URL, or the template of one, with `********` in the place of what looks like a token in its query. */
export function maskedUrl(url: string): string {
  return url.replace(PARAMETER, (whole, before: string, name: string, value: string) =>
    isSecretParameter(name, value) ? before + MASK : whole,
  );
}

/**
 * Puts the stored values in the place of masks: those of the parameters of the same name.
 * Null when one of them is not stored.
 */
export function unmaskedUrl(url: string, stored: string): string | null {
  const values = new Map([...stored.matchAll(PARAMETER)].map(([, , name, value]) => [name, value!]));
  let isWhole = true;
  const opened = url.replace(PARAMETER, (whole, before: string, name: string, value: string) => {
    if (value !== MASK) return whole;
    isWhole &&= values.has(name);
    return before + (values.get(name) ?? '');
  });
  return isWhole ? opened : null;
}

/** The texts in its query that must not be shown. */
export function secretsOfUrl(url: string): readonly string[] {
  return [...url.matchAll(PARAMETER)]
    .filter(([, , name, value]) => isSecretParameter(name!, value!))
    .map(([, , , value]) => value!.replace(PLACEHOLDERS, ''));
}

function isSecretParameter(name: string, value: string): boolean {
  return SECRET_NAME.test(decoded(name)) && value.replace(PLACEHOLDERS, '') !== '';
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
