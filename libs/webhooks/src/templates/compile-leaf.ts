import { TemplateError } from '../errors/template-error.js';
import type { KnownFields } from './known-fields.js';
import type { Leaf } from './leaf.js';
import { compilePlainLeaf } from './plain-leaf.js';
import { refuseLeaf } from './refuse-leaf.js';
import { hasTemplateSyntax, tokenise } from './template-tokens.js';

/** Bytes of UTF-8 that one template string may have. */
export const LEAF_LIMIT = 16_384;

/**
 * Compiles one string of a request. This is where the languages meet: a compiler gets a `LeafSource` and returns
 * a `Leaf`, or null to let the next one try; what none of them takes is refused.
 *
 * @throws TemplateError
 */
export function compileLeaf(source: string, path: string, fields: KnownFields): Leaf {
  if (Buffer.byteLength(source) > LEAF_LIMIT) {
    const problem = `The text is larger than ${LEAF_LIMIT} bytes. Make it shorter.`;
    throw new TemplateError('TEMPLATE_TOO_LARGE', path, problem);
  }
  if (!hasTemplateSyntax(source)) return { path, exact: false, parts: [source] };
  const leaf = { source, path, fields, tokens: tokenise(source, path) };
  const compiled = compilePlainLeaf(leaf);
  if (compiled === null) throw refuseLeaf(leaf);
  return compiled;
}
