import { TemplateError } from '../errors/template-error.js';
import type { KnownFields } from './known-fields.js';
import type { LeafPlace } from './leaf-source.js';
import type { Leaf } from './leaf.js';
import { compileLiquidLeaf } from './liquid/compile-liquid-leaf.js';
import { compilePlainLeaf } from './plain-leaf.js';
import { hasTemplateSyntax, tokenise } from './template-tokens.js';

/** Bytes of UTF-8 that one template string may have. */
export const LEAF_LIMIT = 16_384;

/**
 * Compiles one string of a request: literal text as it is, plain placeholders to getters, and only what has filters
 * or tags for the engine.
 *
 * @throws TemplateError
 */
export function compileLeaf(
  source: string,
  path: string,
  fields: KnownFields,
  place: LeafPlace = 'text',
): Leaf {
  if (Buffer.byteLength(source) > LEAF_LIMIT) {
    const problem = `The text is larger than ${LEAF_LIMIT} bytes. Make it shorter.`;
    throw new TemplateError('TEMPLATE_TOO_LARGE', path, problem);
  }
  if (!hasTemplateSyntax(source)) return { path, exact: false, parts: [source], needsEngine: false };
  const leaf = { source, path, fields, place, tokens: tokenise(source, path) };
  return compilePlainLeaf(leaf) ?? compileLiquidLeaf(leaf);
}
