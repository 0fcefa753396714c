import { Injectable } from '@nestjs/common';
import { envelopeOf } from '../dispatch/event-data.js';
import { WebhooksError } from '../errors/webhooks-error.js';
import { EXPUNGED } from '../internal/event.js';
import { MAX_LIMIT } from '../internal/query-reader.js';
import { DeliveryArchive } from '../storage/delivery-archive.store.js';
import type { DeliveryRecord } from '../storage/delivery-record.js';
import { EventStore } from '../storage/event.store.js';
import { BodySeal } from '../subscriptions/body-seal.js';
import { KeyRing } from '../subscriptions/key-ring.js';
import { MASK } from '../subscriptions/mask.js';
import type { TenantScope } from '../subscriptions/subscription.editor.js';
import type { DeliveryQuery } from './delivery-query.js';
import type { DeliveryDetail, DeliveryPage } from './delivery-view.js';
import { readDeliveryQuery } from './read-delivery-query.js';
import { showAttempt, showDelivery } from './show-delivery.js';

/** No origin: what holds secrets stays sealed. */
const NOBODY = '';
const NO_BODY: ReadonlySet<string> = new Set(['GET', 'DELETE']);

/** Looks at deliveries and their attempts. */
@Injectable()
export class DeliveryReader {
  private readonly seal: BodySeal;

  constructor(
    private readonly archive: DeliveryArchive,
    private readonly events: EventStore,
    keyRing: KeyRing,
  ) {
    this.seal = new BodySeal(keyRing);
  }

  /** @throws QueryInvalidError */
  async list(query: DeliveryQuery, scope: TenantScope): Promise<DeliveryPage> {
    const { filter, limit, after } = readDeliveryQuery(query, scope);
    const end = await this.archive.end(filter, after);
    const upTo = end.place;
    const found = upTo === null ? [] : await this.archive.read(filter, after, { upTo, limit: limit + 1 });
    const page = found.slice(0, limit);
    const rest = end.isLast ? null : upTo;
    return {
      items: page.map(({ record }) => showDelivery(record, scope)),
      next: found.length > limit ? page.at(-1)!.place : rest,
    };
  }

  async detail(record: DeliveryRecord, scope: TenantScope): Promise<DeliveryDetail> {
    const attempts = await this.archive.attempts(record.id, MAX_LIMIT);
    const log = attempts.map((attempt) => showAttempt(attempt, scope));
    const method = log.findLast(({ request }) => request !== null)?.request?.method;
    const body = method === undefined ? null : await this.body(record, method);
    return { ...showDelivery(record, scope), body, attempt_log: log };
  }

  /** Whether nothing can be sent of an event any more. */
  async isExpunged(eventId: string): Promise<boolean> {
    return (await this.events.load([eventId])).get(eventId)?.data === EXPUNGED;
  }

  // As an attempt finds it: nothing stored means the standard envelope, or that its method has no body.
  private async body({ id, eventId, body }: DeliveryRecord, method: string): Promise<string | null> {
    if (body !== null) return body === '' ? null : this.opened(id, body);
    if (NO_BODY.has(method)) return null;
    const event = (await this.events.load([eventId])).get(eventId);
    return event ? unlessUnreadable(() => envelopeOf(event)) : null;
  }

  private opened(id: string, stored: string): string {
    return unlessUnreadable(() => this.seal.open(id, stored, NOBODY)) ?? MASK;
  }
}

function unlessUnreadable(read: () => string | null): string | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof WebhooksError) return null;
    throw error;
  }
}
