import type { JsonSchema } from '../internal/json-schema.js';
import { parseBody, type BodyTemplate } from './body-template.js';
import { HeaderTemplate } from './header-template.js';
import { KnownFields } from './known-fields.js';
import type { KnownSecrets } from './known-secrets.js';
import type { RequestForm } from './request-form.js';
import { UrlTemplate } from './url-template.js';

/** A request compiled for one event type. */
export interface CompiledRequest {
  /** The event type's name, if its schema says it. */
  readonly eventType: string | undefined;
  readonly url: UrlTemplate;
  readonly header: HeaderTemplate;
  readonly body: BodyTemplate | null;
  /** Some of it has to run under the time limit. */
  readonly needsEngine: boolean;
}

/**
 * Compiles a request for each of several event types: one name may be a field here and an alias there.
 *
 * @throws TemplateError naming the event type when there are several
 */
export function compileRequest(
  form: RequestForm,
  schemas: readonly JsonSchema[],
  secrets: KnownSecrets,
): [CompiledRequest, ...CompiledRequest[]] {
  const [first = {}, ...others] = schemas;
  const compile = (schema: JsonSchema): CompiledRequest => {
    const eventType = nameOf(schema);
    const owner = others.length === 0 || eventType === undefined ? undefined : `The event type ${eventType}`;
    const fields = new KnownFields(schema, secrets, owner);
    const url = UrlTemplate.parse(form.url, fields);
    const header = HeaderTemplate.parse(form.header, fields);
    const body = parseBody(form, fields);
    const needsEngine = url.needsEngine || header.needsEngine || (body?.needsEngine ?? false);
    return { eventType, url, header, body, needsEngine };
  };
  return [compile(first), ...others.map(compile)];
}

function nameOf({ properties, title }: JsonSchema): string | undefined {
  const name = properties?.['event_type']?.const;
  return typeof name === 'string' ? name : title;
}
