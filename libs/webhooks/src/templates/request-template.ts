import { TemplateError } from '../errors/template-error.js';
import type { JsonSchema } from '../internal/json-schema.js';
import { compileRequest, type CompiledRequest } from './compiled-request.js';
import { renderEnvelope } from './envelope.js';
import { KnownSecrets } from './known-secrets.js';
import type { EventData } from './leaf.js';
import { ownValue } from './own-value.js';
import { Rendering, type SecretValues } from './rendering.js';
import { readRequestForm, type HttpMethod } from './request-form.js';
import { withinTime, type TimeBudget } from './time-limit.js';

/** Where a rendered request goes. */
export interface RenderedTarget {
  readonly method: HttpMethod;
  /** The template's own text with its placeholders filled in, not normalised. */
  readonly url: string;
  /** The template's own headers, named as written. */
  readonly headers: Record<string, string>;
  /** What to send as `Content-Type`; null without a body, and when the headers say it themselves. */
  readonly contentType: string | null;
}

/** A rendered request. */
export interface RenderedRequest extends RenderedTarget {
  /** The exact text to send; null sends no body. */
  readonly body: string | null;
}

/** What a template is checked against. */
export interface ParseOptions {
  /** Describes the event data that `render` will get. A list: every event type that may come. */
  readonly schema: JsonSchema | readonly JsonSchema[];
  /** Names of the subscription's secrets. @default any name is accepted */
  readonly secrets?: readonly string[];
}

/** What a rendering gets beside the event. */
export interface RenderOptions {
  /** Values for `{{ secrets.NAME }}`. */
  readonly secrets?: SecretValues;
  /** Show `********` in the place of every secret: for previews and logs. @default false */
  readonly mask?: boolean;
  /** Time that several renderings share. @default 100 ms for this one */
  readonly budget?: TimeBudget;
}

const MASK = '********';
const NO_SECRETS: SecretValues = {};

/**
 * A subscriber's request, checked against event types and compiled. It needs neither Nest nor a database.
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
  /** No body is given and the method has one: the body is the envelope `{ type, timestamp, data }`. */
  readonly usesEnvelope: boolean;
  /** Names of the secrets it reads. What it renders with them belongs in no log: render again with `mask`. */
  readonly secrets: readonly string[];
  private readonly contentType: string | null;

  private constructor(
    private readonly method: HttpMethod,
    private readonly compiled: readonly [CompiledRequest, ...CompiledRequest[]],
    private readonly secretPlaces: ReadonlyMap<string, string>,
  ) {
    const [{ url, header, body }] = compiled;
    this.origin = url.origin;
    this.usesEnvelope = body === null && method !== 'GET' && method !== 'DELETE';
    this.secrets = [...secretPlaces.keys()];
    const type = body?.contentType ?? (this.usesEnvelope ? 'application/json' : null);
    this.contentType = header.has('content-type') ? null : type;
  }

  /**
   * Checks and compiles an `http_request` (the object inside that member).
   *
   * @param httpRequest `{ method?, url, header?, json_body? | form_body? | raw_body?, content_type? }`
   * @throws TemplateError
   */
  static parse(httpRequest: unknown, options: ParseOptions): RequestTemplate {
    const form = readRequestForm(httpRequest);
    const schemas = isList(options.schema) ? options.schema : [options.schema];
    const secrets = new KnownSecrets(options.secrets);
    const compiled = compileRequest(form, schemas, secrets);
    return new RequestTemplate(form.method, compiled, secrets.used);
  }

  /**
   * Renders the whole request. The data is only read, and only its own properties. All of its templates together
   * have 100 ms; this is the cheapest way to render, and the one that keeps a delivery within them.
   *
   * @param data the event as plain JSON, envelope fields at its root
   * @throws TemplateError when this event can never be sent with this template
   */
  render(data: EventData, options: RenderOptions = {}): RenderedRequest {
    return this.run(data, options, (request, rendering) => ({
      ...this.targetOf(request, rendering),
      body: this.bodyOf(request, rendering),
    }));
  }

  /**
   * Renders all but the body.
   *
   * @throws TemplateError
   */
  renderTarget(data: EventData, options: RenderOptions = {}): RenderedTarget {
    return this.run(data, options, (request, rendering) => this.targetOf(request, rendering));
  }

  /**
   * Renders the body alone; null when the request has none.
   *
   * @throws TemplateError
   */
  renderBody(data: EventData, options: RenderOptions = {}): string | null {
    return this.run(data, options, (request, rendering) => this.bodyOf(request, rendering));
  }

  private targetOf({ url, header }: CompiledRequest, rendering: Rendering): RenderedTarget {
    return {
      method: this.method,
      url: url.render(rendering),
      headers: header.render(rendering),
      contentType: this.contentType,
    };
  }

  private bodyOf({ body }: CompiledRequest, rendering: Rendering): string | null {
    if (body !== null) return body.render(rendering);
    return this.usesEnvelope ? renderEnvelope(rendering.data) : null;
  }

  private run<T>(
    data: EventData,
    options: RenderOptions,
    action: (request: CompiledRequest, rendering: Rendering) => T,
  ): T {
    const request = this.requestFor(data);
    const rendering = new Rendering(data, this.secretValues(options));
    if (!request.needsEngine) return action(request, rendering);
    return withinTime(rendering, () => action(request, rendering), options.budget);
  }

  private requestFor(data: EventData): CompiledRequest {
    const [first, ...others] = this.compiled;
    if (others.length === 0) return first;
    const eventType = ownValue(data, 'event_type');
    return others.find((request) => request.eventType === eventType) ?? first;
  }

  // A secret that is gone must not become an empty password that somebody accepts.
  private secretValues({ secrets = NO_SECRETS, mask = false }: RenderOptions): SecretValues {
    if (this.secrets.length === 0) return NO_SECRETS;
    const entries = [...this.secretPlaces].map(([name, path]) => {
      const value = mask ? MASK : ownValue(secrets, name);
      if (typeof value === 'string') return [name, value] as const;
      throw new TemplateError('TEMPLATE_RENDER_FAILED', path, `The secret "${name}" has no value.`);
    });
    return Object.fromEntries(entries);
  }
}

function isList(schema: ParseOptions['schema']): schema is readonly JsonSchema[] {
  return Array.isArray(schema);
}
