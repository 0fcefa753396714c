import { TemplateError } from '../errors/template-error.js';
import type { BodyTemplate } from './body-template.js';
import { compileLeaf } from './compile-leaf.js';
import type { KnownFields } from './known-fields.js';
import { checkLength, renderFailure, renderText, textOf, type Leaf } from './leaf.js';
import { appendKey } from './plain-path.js';
import type { Rendering } from './rendering.js';
import { hasTemplateSyntax } from './template-tokens.js';

const PATH = 'form_body';

/** A `form_body`: names and values, sent as a browser sends a form. */
export class FormBody implements BodyTemplate {
  readonly contentType = 'application/x-www-form-urlencoded';

  private constructor(private readonly entries: readonly (readonly [name: string, value: Leaf])[]) {}

  get needsEngine(): boolean {
    return this.entries.some(([, leaf]) => leaf.needsEngine);
  }

  /** @throws TemplateError */
  static parse(body: unknown, fields: KnownFields): FormBody {
    if (typeof body !== 'object' || body === null || Array.isArray(body)) {
      throw new TemplateError('TEMPLATE_SYNTAX', PATH, 'A form is an object of names and values.');
    }
    return new FormBody(
      Object.entries(body).map(([name, value]) => [name, parseEntry(name, value, fields)] as const),
    );
  }

  /** @throws TemplateError */
  render(rendering: Rendering): string {
    const form = new URLSearchParams();
    for (const [name, leaf] of this.entries) form.append(name, renderEntry(leaf, rendering));
    const body = form.toString();
    checkLength(body, PATH);
    return body;
  }
}

function parseEntry(name: string, value: unknown, fields: KnownFields): Leaf {
  const path = appendKey(PATH, name);
  if (hasTemplateSyntax(name)) {
    const problem = 'Names in the form are literal; only values may hold placeholders.';
    throw new TemplateError('TEMPLATE_IN_KEY', path, problem);
  }
  if (typeof value === 'object' && value !== null) {
    throw new TemplateError(
      'TEMPLATE_SYNTAX',
      path,
      'A form is flat: a value cannot be a list or an object.',
    );
  }
  return compileLeaf(textOf(value), path, fields);
}

function renderEntry(leaf: Leaf, rendering: Rendering): string {
  try {
    return renderText(leaf, rendering);
  } catch (error) {
    throw renderFailure(error, leaf.path);
  }
}
