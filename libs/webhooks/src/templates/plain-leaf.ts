import type { LeafSource } from './leaf-source.js';
import type { Evaluate, Leaf } from './leaf.js';
import { compileGetter } from './own-value.js';
import { parsePlainPath } from './plain-path.js';

/**
 * The fast path: literal text and plain placeholders become closures over parsed paths.
 *
 * @returns null when the string needs more than that
 * @throws TemplateError TEMPLATE_UNKNOWN_FIELD
 */
export function compilePlainLeaf({ tokens, path, fields }: LeafSource): Leaf | null {
  const parts: (string | Evaluate)[] = [];
  for (const token of tokens) {
    if (token.kind === 'tag') return null;
    if (token.kind === 'text') {
      parts.push(token.text);
      continue;
    }
    const keys = parsePlainPath(token.expression);
    if (keys === null) return null;
    parts.push(compileGetter(fields.resolve(keys, path)));
  }
  const exact = parts.length === 1 && tokens[0]?.kind === 'output';
  return { path, parts, exact, needsEngine: false };
}
