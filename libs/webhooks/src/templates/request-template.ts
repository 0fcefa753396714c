import type { JsonSchema } from '../internal/json-schema.js';
import { BodyTemplate } from './body-template.js';
import { renderEnvelope } from './envelope.js';
import { HeaderTemplate } from './header-template.js';
import { KnownFields } from './known-fields.js';
import type { EventData } from './leaf.js';
import { readRequestForm, type HttpMethod } from './request-form.js';
import { UrlTemplate } from './url-template.js';

/** Where a rendered request goes. */
export interface RenderedTarget {
  readonly method: HttpMethod;
  /** The template's own text with its placeholders filled in, not normalised. */
  readonly url: string;
  /** The template's own headers, named as written. */
  readonly headers: Record<string, string>;
}

/** A rendered request. */
export interface RenderedRequest extends RenderedTarget {
  /** The exact text to send; null sends no body. */
  readonly body: string | null;
}

/**
 * A subscriber's request, checked against an event type and compiled. It needs neither Nest nor a database.
 *
 * @example
 * const template = RequestTemplate.parse(
 *   { url: 'https://example.com/orders/{{agw_id}}', json_body: { pnr: '{{pnr}}', text: 'Order {{agw_id}}' } },
 *   { schema: catalog.get('OrderTicketed').schema },
 * );
 * const { method, url, headers, body } = template.render(data);
 */
export class RequestTemplate {
  /** Scheme, host and port of every rendered URL, normalised. */
  readonly origin: string;
  /** No `json_body` is given and the method has one: the body is the envelope `{ type, timestamp, data }`. */
  readonly usesEnvelope: boolean;

  private constructor(
    private readonly method: HttpMethod,
    private readonly url: UrlTemplate,
    private readonly header: HeaderTemplate,
    private readonly body: BodyTemplate | null,
  ) {
    this.origin = url.origin;
    this.usesEnvelope = body === null && method !== 'GET' && method !== 'DELETE';
  }

  /**
   * Checks and compiles an `http_request` (the object inside that member).
   *
   * @param httpRequest `{ method?, url, header?, json_body? }`
   * @param options `schema`: describes the event data that `render` will get
   * @throws TemplateError
   */
  static parse(httpRequest: unknown, options: { schema: JsonSchema }): RequestTemplate {
    const form = readRequestForm(httpRequest);
    const fields = new KnownFields(options.schema);
    const url = UrlTemplate.parse(form.url, fields);
    const header = HeaderTemplate.parse(form.header, fields);
    const body = form.json_body === undefined ? null : BodyTemplate.parse(form.json_body, fields);
    return new RequestTemplate(form.method, url, header, body);
  }

  /**
   * Renders the whole request. The data is only read, and only its own properties.
   *
   * @param data the event as plain JSON, envelope fields at its root
   * @throws TemplateError when this event can never be sent with this template
   */
  render(data: EventData): RenderedRequest {
    const { method, url, headers } = this.renderTarget(data);
    return { method, url, headers, body: this.renderBody(data) };
  }

  /**
   * Renders all but the body.
   *
   * @throws TemplateError
   */
  renderTarget(data: EventData): RenderedTarget {
    return { method: this.method, url: this.url.render(data), headers: this.header.render(data) };
  }

  /**
   * Renders the body alone; null when the request has none.
   *
   * @throws TemplateError
   */
  renderBody(data: EventData): string | null {
    if (this.body !== null) return this.body.render(data);
    return this.usesEnvelope ? renderEnvelope(data) : null;
  }
}
