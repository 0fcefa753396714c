import type { KnownFields } from './known-fields.js';
import { FormBody } from './form-body.js';
import { JsonBody } from './json-body.js';
import { RawBody } from './raw-body.js';
import type { Rendering } from './rendering.js';
import type { RequestForm } from './request-form.js';

/** The body of a request template, whatever it is written in. */
export interface BodyTemplate {
  /** What a `Content-Type` header would say. */
  readonly contentType: string;
  readonly needsEngine: boolean;
  /** @throws TemplateError */
  render(rendering: Rendering): string;
}

/**
 * The body a request has of its own.
 *
 * @returns null when it has none
 * @throws TemplateError
 */
export function parseBody(form: RequestForm, fields: KnownFields): BodyTemplate | null {
  if (form.json_body !== undefined) return JsonBody.parse(form.json_body, fields);
  if (form.form_body !== undefined) return FormBody.parse(form.form_body, fields);
  if (form.raw_body !== undefined) return RawBody.parse(form.raw_body, form.content_type, fields);
  return null;
}
