import { TemplateError } from '../errors/template-error.js';
import { compileLeaf } from './compile-leaf.js';
import { isHeaderName, isHeaderValue, isReservedHeader } from './header-rules.js';
import type { KnownFields } from './known-fields.js';
import { literalText, renderFailure, renderText, type Leaf } from './leaf.js';
import type { Rendering } from './rendering.js';

const PATH = 'header';
/** Headers that one request may have. */
const MAX_HEADERS = 50;
/** Characters of their values together: servers take 8 to 32 kB, and every attempt records what it sent. */
const RENDERED_HEADERS_LIMIT = 32_768;

/** The headers of a request template. */
export class HeaderTemplate {
  private readonly fixedLength: number;

  private constructor(
    /** Every header in the written order; those with placeholders are empty. */
    private readonly fixed: Readonly<Record<string, string>>,
    private readonly dynamic: readonly (readonly [name: string, leaf: Leaf])[],
  ) {
    this.fixedLength = Object.values(fixed).reduce((sum, value) => sum + value.length, 0);
    checkLength(this.fixedLength);
  }

  get needsEngine(): boolean {
    return this.dynamic.some(([, leaf]) => leaf.needsEngine);
  }

  /** Whether a header of that name is among them, in upper or lower case. */
  has(name: string): boolean {
    return Object.keys(this.fixed).some((known) => known.toLowerCase() === name);
  }

  /** @throws TemplateError */
  static parse(header: Readonly<Record<string, unknown>>, fields: KnownFields): HeaderTemplate {
    const names = new Set<string>();
    checkCount(Object.keys(header).length);
    const leaves = Object.entries(header).map(([name, value]) => {
      checkName(name, names);
      return [name, parseValue(name, value, fields)] as const;
    });
    const fixed = leaves.map(([name, leaf]) => [name, literalText(leaf) ?? ''] as const);
    return new HeaderTemplate(
      Object.fromEntries(fixed),
      leaves.filter(([, leaf]) => literalText(leaf) === null),
    );
  }

  /**
   * @throws TemplateError HEADER_VALUE_INVALID when a value cannot stand in a header; TEMPLATE_RENDER_LIMIT when all of
   *   them are too long
   */
  render(rendering: Rendering): Record<string, string> {
    const headers = { ...this.fixed };
    let length = this.fixedLength;
    for (const [name, leaf] of this.dynamic) {
      const value = renderValue(leaf, rendering);
      length += value.length;
      checkLength(length);
      headers[name] = value;
    }
    return headers;
  }
}

function checkCount(count: number): void {
  if (count <= MAX_HEADERS) return;
  throw new TemplateError('TEMPLATE_TOO_LARGE', PATH, `There are more than ${MAX_HEADERS} headers.`);
}

function checkLength(length: number): void {
  if (length <= RENDERED_HEADERS_LIMIT) return;
  const problem = `The rendered headers are longer than ${RENDERED_HEADERS_LIMIT} characters. Send less of the event in them.`;
  throw new TemplateError('TEMPLATE_RENDER_LIMIT', PATH, problem);
}

function checkName(name: string, names: Set<string>): void {
  const path = `header.${name}`;
  if (!isHeaderName(name)) {
    const problem = 'This is not a header name. Names are literal: letters, digits and "-".';
    throw new TemplateError('HEADER_NAME_INVALID', path, problem);
  }
  if (isReservedHeader(name)) {
    const problem = 'This header belongs to the connection or the signature and cannot be set.';
    throw new TemplateError('HEADER_NAME_RESERVED', path, problem);
  }
  if (names.has(name.toLowerCase())) {
    const problem = 'This header is given twice: upper and lower case are the same.';
    throw new TemplateError('HEADER_NAME_INVALID', path, problem);
  }
  names.add(name.toLowerCase());
}

function parseValue(name: string, value: unknown, fields: KnownFields): Leaf {
  const path = `header.${name}`;
  if (typeof value !== 'string') {
    throw new TemplateError('HEADER_VALUE_INVALID', path, 'The value of a header must be a string.');
  }
  const leaf = compileLeaf(value, path, fields);
  for (const part of leaf.parts) if (typeof part === 'string') checkValue(part, path);
  return leaf;
}

function renderValue(leaf: Leaf, rendering: Rendering): string {
  try {
    const value = renderText(leaf, rendering);
    checkValue(value, leaf.path);
    return value;
  } catch (error) {
    throw renderFailure(error, leaf.path);
  }
}

function checkValue(value: string, path: string): void {
  if (isHeaderValue(value)) return;
  const problem = 'A header can carry printable ASCII only: no line breaks, controls, or accented letters.';
  throw new TemplateError('HEADER_VALUE_INVALID', path, problem);
}
