import { TemplateError } from '../errors/template-error.js';
import type { BodyTemplate } from './body-template.js';
import { compileLeaf } from './compile-leaf.js';
import type { KnownFields } from './known-fields.js';
import { renderFailure, renderText, type Leaf } from './leaf.js';
import type { Rendering } from './rendering.js';

const PATH = 'raw_body';
const PLAIN_TEXT = 'text/plain; charset=utf-8';
const MEDIA_TYPE =
  /^[\w!#$&^.+-]{1,127}\/[\w!#$&^.+-]{1,127}(?:\s*;\s*[\w!#$&^.+-]+=(?:[\w!#$&^.+-]+|"[ !#-[\]-~]*"))*$/;

/** A `raw_body`: text as it is, such as XML. */
export class RawBody implements BodyTemplate {
  private constructor(
    private readonly leaf: Leaf,
    readonly contentType: string,
  ) {}

  get needsEngine(): boolean {
    return this.leaf.needsEngine;
  }

  /** @throws TemplateError */
  static parse(body: unknown, contentType: unknown, fields: KnownFields): RawBody {
    if (typeof body !== 'string') {
      throw new TemplateError('TEMPLATE_SYNTAX', PATH, 'A raw body is one string.');
    }
    return new RawBody(compileLeaf(body, PATH, fields), parseType(contentType));
  }

  /** @throws TemplateError */
  render(rendering: Rendering): string {
    try {
      return renderText(this.leaf, rendering);
    } catch (error) {
      throw renderFailure(error, PATH);
    }
  }
}

function parseType(contentType: unknown): string {
  if (contentType === undefined) return PLAIN_TEXT;
  if (typeof contentType === 'string' && contentType.length < 256 && MEDIA_TYPE.test(contentType)) {
    return contentType;
  }
  const problem = 'This is no content type. It is literal, such as "text/xml; charset=utf-8".';
  throw new TemplateError('HEADER_VALUE_INVALID', 'content_type', problem);
}
