import { TemplateError } from '../errors/template-error.js';
import { compileLeaf } from './compile-leaf.js';
import type { KnownFields } from './known-fields.js';
import { checkLength, jsonOf, literalText, renderFailure, renderText, type Leaf } from './leaf.js';
import type { Rendering } from './rendering.js';
import { appendKey } from './plain-path.js';
import type { BodyTemplate } from './body-template.js';
import { hasTemplateSyntax } from './template-tokens.js';

const PATH = 'json_body';
const DEEPEST = 64;

/**
 * A `json_body`. Everything literal is serialised once, when parsed; rendering only writes the leaves' JSON
 * between those pieces, which gives the same text as `JSON.stringify` of the rendered tree.
 */
export class JsonBody implements BodyTemplate {
  readonly contentType = 'application/json';

  /** `pieces[n]` stands before `leaves[n]`; there is one piece more than leaves. */
  private readonly pieces: string[] = [''];
  private readonly leaves: Leaf[] = [];

  private constructor(private readonly fields: KnownFields) {}

  /** @throws TemplateError */
  static parse(body: unknown, fields: KnownFields): JsonBody {
    const template = new JsonBody(fields);
    template.compile(body, PATH, 0);
    const single = template.leaves[0]?.exact === true;
    if (typeof body === 'object' && body !== null) return template;
    if (typeof body === 'string' && single) return template;
    const problem = 'The body must be an object, a list, or one placeholder alone.';
    throw new TemplateError('TEMPLATE_SYNTAX', PATH, problem);
  }

  get needsEngine(): boolean {
    return this.leaves.some((leaf) => leaf.needsEngine);
  }

  /** @throws TemplateError */
  render(rendering: Rendering): string {
    let body = this.pieces[0] ?? '';
    for (const [index, leaf] of this.leaves.entries()) {
      body += renderLeaf(leaf, rendering);
      body += this.pieces[index + 1] ?? '';
      checkLength(body, leaf.path);
    }
    return body;
  }

  private compile(node: unknown, path: string, depth: number): void {
    if (depth > DEEPEST) {
      throw new TemplateError(
        'TEMPLATE_TOO_LARGE',
        path,
        `The body is nested deeper than ${DEEPEST} levels.`,
      );
    }
    if (typeof node === 'string') this.compileString(node, path);
    else if (Array.isArray(node)) this.compileList(node, path, depth);
    else if (typeof node === 'object' && node !== null) this.compileObject(node, path, depth);
    else this.literal(jsonOf(node));
  }

  private compileString(source: string, path: string): void {
    const leaf = compileLeaf(source, path, this.fields);
    const text = literalText(leaf);
    if (text !== null) return this.literal(jsonOf(text));
    this.leaves.push(leaf);
    this.pieces.push('');
  }

  private compileList(list: readonly unknown[], path: string, depth: number): void {
    this.literal('[');
    for (const [index, item] of list.entries()) {
      if (index > 0) this.literal(',');
      this.compile(item, appendKey(path, index), depth + 1);
    }
    this.literal(']');
  }

  private compileObject(object: object, path: string, depth: number): void {
    this.literal('{');
    for (const [index, [key, value]] of Object.entries(object).entries()) {
      const place = appendKey(path, key);
      if (hasTemplateSyntax(key)) throw placeholderInKey(place);
      this.literal(`${index > 0 ? ',' : ''}${jsonOf(key)}:`);
      this.compile(value, place, depth + 1);
    }
    this.literal('}');
  }

  private literal(json: string): void {
    this.pieces.push((this.pieces.pop() ?? '') + json);
  }
}

function renderLeaf(leaf: Leaf, rendering: Rendering): string {
  try {
    const [only] = leaf.parts;
    return jsonOf(leaf.exact && typeof only === 'function' ? only(rendering) : renderText(leaf, rendering));
  } catch (error) {
    throw renderFailure(error, leaf.path);
  }
}

function placeholderInKey(path: string): TemplateError {
  return new TemplateError(
    'TEMPLATE_IN_KEY',
    path,
    'Names in the body are literal; only values may hold placeholders.',
  );
}
