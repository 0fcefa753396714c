import type { KeyObject } from 'node:crypto';
import { inspect } from 'node:util';
import type { EventType } from '../catalog/event-type.js';
import { WebhooksError } from '../errors/webhooks-error.js';
import type { SecretValues } from '../templates/rendering.js';
import { bodyKey } from './content/body-key.js';
import { compileFilter } from './content/compile-filter.js';
import { RequestFit } from './content/request-fit.js';
import type { Accepts, ContentFilter } from './content/content-filter.js';
import { PerType } from './content/per-type.js';
import { matcher } from './matching.js';
import { Misfit } from './misfit.js';
import type { Authentication } from './authentication.js';
import { SigningKeys, type SignatureScheme, type SubscriptionSecret } from './signing-keys.js';
import { Redaction } from './redaction.js';
import type { SubscriptionState } from './subscription-record.js';

/** A request template in the form of the API: `{ method?, url, header?, json_body? }`. */
export type HttpRequest = Readonly<Record<string, unknown>>;

export type { SignatureScheme, SubscriptionSecret } from './signing-keys.js';

/** What one subscription may use up. */
export interface SubscriptionLimits {
  /** Requests to it at the same time, for each process. */
  readonly concurrency?: number;
  /** At most `limit` requests in any `per` seconds, over all processes. */
  readonly rate?: { readonly limit: number; readonly per: number };
  /** Seconds between attempts, in the place of the module's schedule. */
  readonly retry_schedule?: readonly number[];
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
  /** Values for `{{ secrets.NAME }}`, in clear. */
  readonly templateSecrets: SecretValues;
  /** In clear; null: none. */
  readonly authentication: Authentication | null;
  readonly signatures: readonly SignatureScheme[];
  /** Canonical paths; null sends every field. */
  readonly fields: readonly string[] | null;
  /** In good form; null lets every event pass. */
  readonly filter: ContentFilter | null;
  /** `subject`: one event of a subject after the other; null: as they come. */
  readonly ordering: 'subject' | null;
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

/** What a subscription asks of its surroundings. */
export interface SubscriptionContext {
  /** The event type of that name, if the catalog still has it. */
  find(typeName: string): EventType | undefined;
  /** Told once: the subscription cannot be sent. */
  misfits(subscription: Subscription, misfit: Misfit): void;
}

const NOWHERE: SubscriptionContext = { find: () => undefined, misfits: () => undefined };

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
  readonly templateSecrets!: SecretValues;
  readonly authentication!: Authentication | null;
  readonly signatures!: readonly SignatureScheme[];
  readonly fields!: readonly string[] | null;
  readonly filter!: ContentFilter | null;
  readonly ordering!: 'subject' | null;
  readonly secrets!: readonly SubscriptionSecret[];
  readonly description!: string | null;
  readonly metadata!: Readonly<Record<string, string>>;
  readonly limits!: SubscriptionLimits;
  readonly version!: number;
  readonly createdAt!: number;
  readonly updatedAt!: number;
  readonly problem!: WebhooksError | null;
  readonly #isWanted: (typeName: string) => boolean;
  readonly #context: SubscriptionContext;
  readonly #requests = new PerType<RequestFit>(({ schema }) => RequestFit.of(this, schema));
  readonly #filters = new PerType<Accepts>(({ schema }) => compileFilter(this.filter ?? {}, schema));
  readonly #keys: SigningKeys;
  #bodyKey: string | undefined;
  #redaction: Redaction | undefined;
  #hasTold = false;

  constructor(props: SubscriptionProps, context = NOWHERE) {
    Object.assign(this, props);
    this.#context = context;
    this.#keys = new SigningKeys(props.secrets, props.signatures);
    this.#isWanted = matcher([...props.eventTypes, ...props.aliased]);
  }

  /** How many requests it wants in how many milliseconds; null: as many as there are. */
  get rate(): { readonly limit: number; readonly perMs: number } | null {
    const { rate } = this.limits;
    return rate ? { limit: rate.limit, perMs: rate.per * 1_000 } : null;
  }

  /** The same for all subscriptions whose bodies, as far as they hold no secrets, are the same for an event. */
  get bodyKey(): string {
    return (this.#bodyKey ??= bodyKey(this));
  }

  /** Whether it asks for the event type of this canonical name. */
  wants(typeName: string): boolean {
    return this.#isWanted(typeName);
  }

  /**
   * Whether its filter lets an event pass. One that the filter cannot judge, because the event type has changed, passes:
   * its delivery fails with the reason on record, and nothing is sent.
   */
  accepts(typeName: string, data: Parameters<Accepts>[0]): boolean {
    if (this.filter === null) return true;
    const eventType = this.#context.find(typeName);
    if (!eventType) return true;
    try {
      return this.#filters.get(eventType)(data);
    } catch (error) {
      this.tell(new Misfit(typeName, error));
      return error instanceof WebhooksError;
    }
  }

  /**
   * The keys that sign at this moment, oldest first. The same array as long as nothing expires.
   *
   * @throws WebhooksError the subscription's problem, if it has one
   */
  signingKeys(nowMs: number): readonly KeyObject[] {
    if (this.problem) throw this.problem;
    return this.#keys.at(nowMs);
  }

  /** Blots out its secrets, for what is recorded of its receiver's answers. */
  get redaction(): Redaction {
    return (this.#redaction ??= new Redaction(this));
  }

  /**
   * Its request, checked against an event type. Compiled once for each.
   *
   * @throws TemplateError when the event type has changed so that the request, the fields or the filter no longer fit
   * @throws WebhooksError the subscription's problem, if it has one
   */
  fitFor(eventType: EventType): RequestFit {
    if (this.problem) throw this.problem;
    try {
      // A filter that no longer fits has let the event pass: it must not be sent.
      this.#filters.get(eventType);
      return this.#requests.get(eventType);
    } catch (error) {
      this.tell(new Misfit(eventType.name, error));
      throw error;
    }
  }

  /** Why it cannot be sent for an event type; null when it can. */
  misfit(eventType: EventType): WebhooksError | null {
    try {
      this.fitFor(eventType);
      return null;
    } catch (error) {
      if (error instanceof WebhooksError) return error;
      throw error;
    }
  }

  /** Makes it known, once in this version's life, that it cannot be sent. */
  tell(misfit: Misfit): void {
    if (this.#hasTold) return;
    this.#hasTold = true;
    this.#context.misfits(this, misfit);
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
}
