import { TemplateError } from '../errors/template-error.js';
import { compileLeaf } from './compile-leaf.js';
import type { KnownFields } from './known-fields.js';
import { checkLength, renderFailure, textOf, type Evaluate, type Leaf } from './leaf.js';
import type { Rendering } from './rendering.js';
import { encodeUrlLiteral, encodeUrlPart } from './url-encoding.js';
import { checkPlaceholderPlaces, parseAuthority, parseUrl } from './url-form.js';
import { nullSegment } from './url-null.js';

const PATH = 'url';
const DOT_SEGMENT = /\/(?:\.|%2e){1,2}(?=\/|$)/i;

interface UrlPlaceholder {
  readonly evaluate: Evaluate;
  /** Before the `?` and `#`, where nothing may vanish. */
  readonly inPath: boolean;
  /** It encodes what it computes by itself. */
  readonly isEncoded: boolean;
}

/**
 * The URL of a request template. The text up to the end of the authority is literal, and what placeholders add
 * is percent-encoded, so scheme, host and port are always those of the template.
 */
export class UrlTemplate {
  private constructor(
    /** Scheme, host and port, normalised. */
    readonly origin: string,
    private readonly authority: string,
    private readonly parts: readonly (string | UrlPlaceholder)[],
    readonly needsEngine: boolean,
  ) {}

  /** @throws TemplateError */
  static parse(source: unknown, fields: KnownFields): UrlTemplate {
    if (typeof source !== 'string') {
      throw new TemplateError('URL_INVALID', PATH, 'A request needs a url, as a string.');
    }
    const leaf = compileLeaf(source, PATH, fields, 'url');
    checkPlaceholderPlaces(leaf.parts);
    const authority = parseAuthority(
      leaf.parts.map((part) => (typeof part === 'string' ? part : 'x')).join(''),
    );
    const parts = placed(leaf, authority.length);
    const probe = parts.map((part) => (typeof part === 'string' ? part : 'x')).join('');
    checkDotSegments(probe);
    return new UrlTemplate(parseUrl(authority + probe).origin, authority, parts, leaf.needsEngine);
  }

  /** @throws TemplateError URL_NULL_SEGMENT, URL_DOT_SEGMENT */
  render(rendering: Rendering): string {
    let rest = '';
    for (const part of this.parts) {
      rest += typeof part === 'string' ? part : renderPlaceholder(part, rendering);
      checkLength(rest, PATH);
    }
    checkDotSegments(rest);
    return this.authority + rest;
  }
}

function placed({ parts, isEncoded = false }: Leaf, authority: number): (string | UrlPlaceholder)[] {
  let inPath = true;
  return parts.map((part, index) => {
    if (typeof part !== 'string') return { evaluate: part, inPath, isEncoded };
    const text = index === 0 ? part.slice(authority) : part;
    inPath &&= !/[?#]/.test(text);
    return encodeUrlLiteral(text);
  });
}

function renderPlaceholder(placeholder: UrlPlaceholder, rendering: Rendering): string {
  try {
    const value = placeholder.evaluate(rendering);
    if (placeholder.isEncoded) return textOf(value);
    if (placeholder.inPath && (value === null || value === undefined)) throw nullSegment();
    return encodeUrlPart(textOf(value));
  } catch (error) {
    throw renderFailure(error, PATH);
  }
}

function checkDotSegments(rest: string): void {
  const end = rest.search(/[?#]/);
  if (!DOT_SEGMENT.test(end === -1 ? rest : rest.slice(0, end))) return;
  const problem = 'A part of the path is "." or "..", so the request would go to another address.';
  throw new TemplateError('URL_DOT_SEGMENT', PATH, problem);
}
