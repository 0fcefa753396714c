import type { BodySeal } from '../subscriptions/body-seal.js';
import type { RequestFit } from '../subscriptions/content/request-fit.js';
import type { Subscription } from '../subscriptions/subscription.js';
import type { RenderedTarget } from '../templates/request-template.js';
import type { TimeBudget } from '../templates/time-limit.js';
import type { Delivery } from './delivery.js';
import { bodyOnce, dataOf, envelopeOf } from './event-data.js';

/** What a delivery sends, beside its target. */
export interface DeliveryBody {
  /** Null sends none. */
  readonly text: string | null;
  /** Unless the subscription's own headers say otherwise. */
  readonly contentType: string;
  /** What to keep for the next attempt; null for the standard envelope, and for no body. */
  readonly stored: string | null;
}

/** What a body is made for. */
export interface Addressee {
  readonly subscription: Subscription;
  /** Its request, for the event's type. */
  readonly fit: RequestFit;
  /** Of this attempt: method and content type are those of the moment. */
  readonly target: RenderedTarget;
  /** What the attempt's renderings share. */
  readonly budget: TimeBudget;
}

/** Stands where a body will be: attempts were made, and none came so far as to have one. */
export const NOT_RENDERED = '';

const JSON_TYPE = 'application/json';

/**
 * The bodies of deliveries. Each is frozen at the first attempt: every later one sends the same bytes, whatever became of
 * the template. Only what holds secrets is rendered anew, when its subscription goes to another origin now.
 */
export class DeliveryBodies {
  constructor(private readonly seal: BodySeal) {}

  /** @throws TemplateError, SecretUndecryptableError */
  of(delivery: Delivery, to: Addressee): DeliveryBody {
    const { id, attempts, body: stored } = delivery;
    if (attempts === 0 || stored === NOT_RENDERED) return this.first(delivery, to);
    if (stored === null) return isBodiless(to.target) ? this.first(delivery, to) : envelope(delivery);
    const text = this.seal.open(id, stored, to.fit.template.origin);
    return text === null ? this.first(delivery, to) : { text, stored, contentType: typeOf(to.target) };
  }

  private first(delivery: Delivery, to: Addressee): DeliveryBody {
    const { fit, target } = to;
    if (fit.isStandard) return envelope(delivery);
    const text = rendered(delivery, to);
    const origin = fit.bodyHasSecrets ? fit.template.origin : null;
    const stored = text === null ? null : this.seal.seal(delivery.id, text, origin);
    return { text, stored, contentType: typeOf(target) };
  }
}

function envelope({ event }: Delivery): DeliveryBody {
  return { text: envelopeOf(event), stored: null, contentType: JSON_TYPE };
}

function rendered({ event }: Delivery, { subscription, fit, budget }: Addressee): string | null {
  const render = (): string | null =>
    fit.renderBody(dataOf(event), { secrets: subscription.templateSecrets, budget });
  return fit.bodyHasSecrets ? render() : bodyOnce(event, subscription.bodyKey, render);
}

function isBodiless({ method }: RenderedTarget): boolean {
  return method === 'GET' || method === 'DELETE';
}

// Null says that the subscription's own header decides, or that a body frozen before has none in the template any more.
function typeOf({ contentType }: RenderedTarget): string {
  return contentType ?? JSON_TYPE;
}
