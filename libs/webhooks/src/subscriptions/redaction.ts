import { textAlone } from '../templates/text-alone.js';
import { secretsOfAuthentication } from './authentication.js';
import { MASK } from './mask.js';
import { isRecord } from './parse-fields.js';
import { isSecretHeader } from './secret-headers.js';
import { secretsOfUrl } from './secret-url.js';
import type { SecretHolder } from './template-secrets.js';
import { writtenForms } from './written-forms.js';

/** Shorter ones would blot out words that are none. */
const MIN_LENGTH = 4;
/**
 * A secret is found by its beginning: to search for one of 4,096 characters can take 15 ms in an answer that nearly
 * holds it everywhere, and a subscriber chooses both.
 */
const BEGINNING = 32;
const SCHEME = /^[\w-]+ +/;

/** Blots out what a subscription sends in confidence: a receiver may answer with what it got. */
export class Redaction {
  // Not even in a dump of what is around it.
  readonly #secrets: readonly string[];

  private constructor(secrets: readonly string[]) {
    // The longest first: one may be a part of another.
    this.#secrets = [...new Set(secrets)].sort((one, other) => other.length - one.length);
  }

  /** Knows what is written in a subscription. */
  static for(holder: SecretHolder): Redaction {
    return new Redaction(secretsOf(holder).flatMap(sought));
  }

  /** Knows these values of headers, too: what a template computed of its secrets. */
  also(headers: readonly string[]): Redaction {
    if (headers.length === 0) return this;
    return new Redaction([...this.#secrets, ...headers.flatMap(parts).flatMap(sought)]);
  }

  /** The values with `********` in the place of every secret: one by one, as a secret may be a piece of JSON. */
  ofAll(values: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
    if (this.#secrets.length === 0) return values;
    return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, this.of(value)]));
  }

  /** The text with `********` in the place of every secret. */
  of(text: string): string {
    return this.#secrets.reduce((shown, secret) => withoutBegun(blotted(shown, secret), secret), text);
  }
}

function sought(secret: string): readonly string[] {
  return secret.length < MIN_LENGTH ? [] : writtenForms(secret);
}

function blotted(text: string, secret: string): string {
  const beginning = secret.slice(0, BEGINNING);
  let shown = '';
  let end = 0;
  for (let at = text.indexOf(beginning); at !== -1; at = text.indexOf(beginning, end)) {
    shown += text.slice(end, at) + MASK;
    end = at + commonLength(text, at, secret);
  }
  return shown + text.slice(end);
}

// Of an answer only the beginning is kept: it may end within a secret, and who writes what stands before it chooses where.
function withoutBegun(text: string, secret: string): string {
  const head = secret.slice(0, MIN_LENGTH);
  // What is longer has been found by its beginning.
  const from = Math.max(0, text.length - BEGINNING + 1);
  for (let at = text.indexOf(head, from); at !== -1; at = text.indexOf(head, at + 1))
    if (secret.startsWith(text.slice(at))) return text.slice(0, at) + MASK;
  return text;
}

function commonLength(text: string, from: number, secret: string): number {
  let length = BEGINNING;
  while (length < secret.length && text[from + length] === secret[length]) length++;
  return Math.min(length, secret.length);
}

function secretsOf({ httpRequest, templateSecrets, authentication }: SecretHolder): readonly string[] {
  const { url, header } = httpRequest;
  const headers = isRecord(header) ? Object.entries(header) : [];
  return [
    ...Object.values(templateSecrets),
    ...(authentication ? secretsOfAuthentication(authentication) : []),
    ...(typeof url === 'string' ? secretsOfUrl(url).flatMap(literals).flatMap(withDecoded) : []),
    ...headers.flatMap(([name, value]) =>
      typeof value === 'string' && isSecretHeader(name, value) ? literals(value).flatMap(parts) : [],
    ),
  ];
}

// The text of a template that is sent as it stands.
function literals(value: string): readonly string[] {
  return textAlone(value).split('\0');
}

// Of "Bearer x" also x.
function parts(value: string): readonly string[] {
  return [value.trim(), value.replace(SCHEME, '').trim()];
}

// Who reads a parameter sees it decoded.
function withDecoded(value: string): readonly string[] {
  return [value, new URLSearchParams(`value=${value}`).get('value')!];
}
