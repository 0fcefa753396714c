import { inspect } from 'node:util';
import type { EventType } from '../catalog/event-type.js';
import type { WebhooksError } from '../errors/webhooks-error.js';
import { parseSecret } from '../signing/secret.js';
import { RequestTemplate } from '../templates/request-template.js';
import { matcher } from './matching.js';
import type { SubscriptionState } from './subscription-record.js';

/** A request template in the form of the API: `{ method?, url, header?, json_body? }`. */
export type HttpRequest = Readonly<Record<string, unknown>>;

/** A signing secret in clear. */
export interface SubscriptionSecret {
  readonly id: string;
  /** `whsec_…` */
  readonly secret: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  /** Epoch milliseconds from which it no longer signs; null: it stays. */
  readonly notAfter: number | null;
}

/** What one subscription may use up. */
export interface SubscriptionLimits {
  /** Requests to it at the same time, for each process. */
  readonly concurrency?: number;
}

/** What a subscription consists of. */
export interface SubscriptionProps {
  readonly id: string;
  readonly tenant: string;
  /** The caller's own key, unique within the tenant. */
  readonly uid: string | null;
  readonly state: SubscriptionState;
  readonly stateReason: string | null;
  /** Canonical names and wildcards. */
  readonly eventTypes: readonly string[];
  /** Names that the wildcards mean through an alias only. */
  readonly aliased: readonly string[];
  readonly httpRequest: HttpRequest;
  readonly secrets: readonly SubscriptionSecret[];
  readonly description: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly limits: SubscriptionLimits;
  readonly version: number;
  /** Epoch milliseconds of the database. */
  readonly createdAt: number;
  /** Epoch milliseconds of the database. */
  readonly updatedAt: number;
  /** Why it cannot be used although it is stored: a key is missing, a value is damaged. */
  readonly problem: WebhooksError | null;
}

interface SigningKey {
  readonly key: Buffer;
  readonly notAfter: number;
}

/** Whose (tenant), what (event types), where and how (request template, secrets, limits). Secrets are in clear. */
export class Subscription implements SubscriptionProps {
  readonly id!: string;
  readonly tenant!: string;
  readonly uid!: string | null;
  readonly state!: SubscriptionState;
  readonly stateReason!: string | null;
  readonly eventTypes!: readonly string[];
  readonly aliased!: readonly string[];
  readonly httpRequest!: HttpRequest;
  readonly secrets!: readonly SubscriptionSecret[];
  readonly description!: string | null;
  readonly metadata!: Readonly<Record<string, string>>;
  readonly limits!: SubscriptionLimits;
  readonly version!: number;
  readonly createdAt!: number;
  readonly updatedAt!: number;
  readonly problem!: WebhooksError | null;
  readonly #isWanted: (typeName: string) => boolean;
  readonly #templates = new Map<EventType, RequestTemplate>();
  #parsedKeys: readonly SigningKey[] | undefined;
  #live: { readonly keys: readonly Buffer[]; readonly from: number; readonly until: number } | undefined;

  constructor(props: SubscriptionProps) {
    Object.assign(this, props);
    this.#isWanted = matcher([...props.eventTypes, ...props.aliased]);
  }

  /** Whether it asks for the event type of this canonical name. */
  wants(typeName: string): boolean {
    return this.#isWanted(typeName);
  }

  /**
   * The keys that sign at this moment, oldest first. The same array as long as nothing expires.
   *
   * @throws WebhooksError the subscription's problem, if it has one
   */
  signingKeys(nowMs: number): readonly Buffer[] {
    if (this.#live && nowMs >= this.#live.from && nowMs < this.#live.until) return this.#live.keys;
    const live = this.#allKeys().filter(({ notAfter }) => nowMs < notAfter);
    const until = Math.min(...live.map(({ notAfter }) => notAfter));
    this.#live = { keys: live.map(({ key }) => key), from: nowMs, until };
    return this.#live.keys;
  }

  /**
   * Its request template, checked against an event type. Compiled once for each.
   *
   * @throws TemplateError when the event type has changed so that the template no longer fits
   * @throws WebhooksError the subscription's problem, if it has one
   */
  templateFor(eventType: EventType): RequestTemplate {
    const known = this.#templates.get(eventType);
    if (known) return known;
    if (this.problem) throw this.problem;
    const template = RequestTemplate.parse(this.httpRequest, { schema: eventType.schema });
    this.#templates.set(eventType, template);
    return template;
  }

  /** What may appear in a log: no secrets. */
  toJSON(): Record<string, unknown> {
    const { id, tenant, uid, state, version } = this;
    return { id, tenant, uid, state, version };
  }

  /** The same for `console.log`. */
  [inspect.custom](): string {
    return `Subscription ${inspect(this.toJSON())}`;
  }

  #allKeys(): readonly SigningKey[] {
    if (this.problem) throw this.problem;
    this.#parsedKeys ??= this.secrets.map(({ secret, notAfter }) => ({
      key: parseSecret(secret),
      notAfter: notAfter ?? Infinity,
    }));
    return this.#parsedKeys;
  }
}
