import { SubscriptionInvalidError } from '../../errors/subscription-invalid-error.js';
import type { JsonSchema } from '../../internal/json-schema.js';
import { renderEnvelope } from '../../templates/envelope.js';
import type { SecretValues } from '../../templates/rendering.js';
import { RequestTemplate, type RenderOptions } from '../../templates/request-template.js';
import { compileProjection, type Project } from './projection.js';

/** What a request is compiled from. */
export interface RequestSource {
  readonly httpRequest: Readonly<Record<string, unknown>>;
  /** Paths; null for every field. */
  readonly fields: readonly string[] | null;
  /** By name; the values do not matter. */
  readonly templateSecrets: SecretValues;
}

/** What is sent for an event type: the subscription's request, compiled for it. */
export class RequestFit {
  /** The body is the standard envelope with every field: the same for all subscriptions. */
  readonly isStandard: boolean;

  private constructor(
    readonly template: RequestTemplate,
    /** The body is written with secrets: it is stored encrypted, and is no other subscription's. */
    readonly bodyHasSecrets: boolean,
    private readonly project: Project | null,
  ) {
    this.isStandard = template.usesEnvelope && project === null;
  }

  /**
   * Checks and compiles the request against an event type.
   *
   * @throws TemplateError
   * @throws SubscriptionInvalidError at `fields` when the request does not have the standard body
   */
  static of({ httpRequest, fields, templateSecrets }: RequestSource, schema: JsonSchema): RequestFit {
    const template = RequestTemplate.parse(httpRequest, { schema, secrets: Object.keys(templateSecrets) });
    const bodyHasSecrets = template.secrets.length > 0 && readsSecrets(bodyAlone(httpRequest), schema);
    if (fields === null) return new RequestFit(template, bodyHasSecrets, null);
    if (template.usesEnvelope) return new RequestFit(template, false, compileProjection(fields, schema));
    const message =
      'It limits the standard body, and this request has a body of its own or none: leave one of the two out.';
    throw new SubscriptionInvalidError([{ path: 'fields', message }]);
  }

  /**
   * Renders the body; null when the request has none.
   *
   * @throws TemplateError
   */
  renderBody(data: Readonly<Record<string, unknown>>, options?: RenderOptions): string | null {
    return this.project ? renderEnvelope(this.project(data)) : this.template.renderBody(data, options);
  }
}

function readsSecrets(httpRequest: object, schema: JsonSchema): boolean {
  return RequestTemplate.parse(httpRequest, { schema }).secrets.length > 0;
}

// A template knows which secrets it reads, not where. This one is shorter than any other, so no size limit minds it.
function bodyAlone({ header: _header, ...rest }: RequestSource['httpRequest']): object {
  return { ...rest, url: 'http://a' };
}
