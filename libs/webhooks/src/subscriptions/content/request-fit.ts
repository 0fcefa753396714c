import { SubscriptionInvalidError } from '../../errors/subscription-invalid-error.js';
import type { JsonSchema } from '../../internal/json-schema.js';
import { RequestTemplate } from '../../templates/request-template.js';
import { compileProjection, type Project } from './projection.js';

/** What is sent for an event type: the subscription's request, compiled for it. */
export interface RequestFit {
  readonly template: RequestTemplate;
  /** Makes the standard body's data smaller; null sends all of it. */
  readonly project: Project | null;
}

/** What it is compiled from. */
export interface RequestSource {
  readonly httpRequest: Readonly<Record<string, unknown>>;
  /** Paths; null for every field. */
  readonly fields: readonly string[] | null;
}

/**
 * Checks and compiles the request against an event type.
 *
 * @throws TemplateError
 * @throws SubscriptionInvalidError at `fields` when the request does not have the standard body
 */
export function fitRequest({ httpRequest, fields }: RequestSource, schema: JsonSchema): RequestFit {
  const template = RequestTemplate.parse(httpRequest, { schema });
  if (fields === null) return { template, project: null };
  if (!template.usesEnvelope) {
    const message =
      'It limits the standard body, and this request has a body of its own or none: leave one of the two out.';
    throw new SubscriptionInvalidError([{ path: 'fields', message }]);
  }
  return { template, project: compileProjection(fields, schema) };
}
