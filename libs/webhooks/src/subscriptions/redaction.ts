import { secretsOfAuthentication } from './authentication.js';
import { MASK } from './mask.js';
import { isRecord } from './parse-fields.js';
import { isSecretHeader } from './secret-headers.js';
import { secretsOfUrl } from './secret-url.js';
import type { SecretHolder } from './template-secrets.js';

/** Shorter ones would blot out words that are none. */
const MIN_LENGTH = 4;
const PLACEHOLDERS = /\{\{.*?\}\}|\{%.*?%\}/gs;
const SCHEME = /^[\w-]+ +/;

/** Blots out what a subscription sends in confidence: a receiver may answer with what it got. */
export class Redaction {
  private readonly secrets: readonly string[];

  constructor(holder: SecretHolder) {
    const given = secretsOf(holder).filter((text) => text.length >= MIN_LENGTH);
    const written = given.flatMap((text) => [
      text,
      JSON.stringify(text).slice(1, -1),
      encodeURIComponent(text),
    ]);
    // The longest first: one may be a part of another.
    this.secrets = [...new Set(written)].sort((one, other) => other.length - one.length);
  }

  /** The text with `********` in the place of every secret. */
  of(text: string): string {
    let shown = text;
    for (const secret of this.secrets) if (shown.includes(secret)) shown = shown.replaceAll(secret, MASK);
    return shown;
  }
}

function secretsOf({ httpRequest, templateSecrets, authentication }: SecretHolder): readonly string[] {
  const { url, header } = httpRequest;
  const headers = isRecord(header) ? Object.entries(header) : [];
  return [
    ...Object.values(templateSecrets),
    ...(authentication ? secretsOfAuthentication(authentication) : []),
    ...(typeof url === 'string' ? secretsOfUrl(url) : []),
    ...headers.flatMap(([name, value]) => (isSecretHeader(name, value) ? literalsOf(value) : [])),
  ];
}

// The text of a template that is sent as it stands; of "Bearer x" also x.
function literalsOf(value: unknown): readonly string[] {
  if (typeof value !== 'string') return [];
  return value.split(PLACEHOLDERS).flatMap((text) => [text.trim(), text.replace(SCHEME, '').trim()]);
}
