import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { WebhooksService } from 'nestjs-webhooks';
import type { EntityManager } from 'typeorm';
import { BookingError } from '../orders/booking-error.js';
import { BookingStore } from '../orders/booking.store.js';
import { Order } from '../orders/entities/order.entity.js';
import { formatInstant } from '../orders/zoned-time.js';
import { NOBODY } from '../parties/caller.js';
import { Consumer } from '../parties/consumer.entity.js';
import type { EmailDetails } from '../webhooks/catalog/email-captured.js';
import { EmailCaptured } from '../webhooks/catalog/email-captured.js';
import { OrderSnapshotFactory } from '../webhooks/order-snapshot.factory.js';
import { CapturedEmail } from './captured-email.entity.js';
import type { CaptureEmailDto } from './dto/capture-email.dto.js';

/** Keeps what airlines write to the mailbox we book with. */
@Injectable()
export class EmailsService {
  constructor(
    private readonly webhooks: WebhooksService,
    private readonly snapshots: OrderSnapshotFactory,
    private readonly bookings: BookingStore,
  ) {}

  /**
   * Stores a mail; the same one again in the same mailbox gives the first back and announces nothing. Of an order that
   * the consumer does not have it counts as a mail of no known order.
   *
   * @throws BookingError `BOOKING_INVALID` for an unknown consumer
   */
  capture(request: CaptureEmailDto): Promise<CapturedEmail> {
    return this.webhooks.transaction(async (manager) => {
      const { consumer_id: consumerId, unique_code: uniqueCode } = request;
      if (!(await manager.existsBy(Consumer, { id: consumerId })))
        throw new BookingError('BOOKING_INVALID', `There is no consumer ${consumerId}.`);
      const order = await this.orderOf(manager, request);
      const email = emailOf(request, order);
      await manager.createQueryBuilder().insert().into(CapturedEmail).values(email).orIgnore().execute();
      const stored = await manager.findOneByOrFail(CapturedEmail, { consumerId, uniqueCode });
      if (stored.id !== email.id) return stored;

      const snapshot = order && (await this.snapshots.take(manager, order, NOBODY));
      const event = EmailCaptured.of(snapshot, detailsOf(email));
      await this.webhooks.publish(event, { manager, tenant: consumerId });
      return email;
    });
  }

  private async orderOf(manager: EntityManager, request: CaptureEmailDto): Promise<Order | null> {
    const { agw_id: agwId, consumer_id: consumerId } = request;
    if (agwId === undefined || !(await manager.existsBy(Order, { agwId, consumerId }))) return null;
    return (await this.bookings.lock(manager, { agwId, consumerId })).order;
  }
}

function emailOf(request: CaptureEmailDto, order: Order | null): CapturedEmail {
  return Object.assign(new CapturedEmail(), {
    id: randomUUID(),
    consumerId: request.consumer_id,
    orderId: order?.id ?? null,
    uniqueCode: request.unique_code,
    category: request.category,
    sender: request.from,
    recipient: request.to,
    subject: storable(request.subject),
    link: request.link,
    linkExpiresAt: new Date(request.link_expires_at),
    receivedAt: new Date(request.received_at),
  });
}

/** Whoever writes a mail may put anything into its subject, also what PostgreSQL cannot keep or no UTF-8 can say. */
function storable(text: string): string {
  return text.replaceAll(/\0|\p{Surrogate}/gu, '\ufffd');
}

function detailsOf(email: CapturedEmail): EmailDetails {
  return {
    email_id: email.id,
    email_category: email.category,
    email_from: email.sender,
    email_to: email.recipient,
    email_subject: email.subject,
    email_link: email.link,
    email_link_expires_at: formatInstant(email.linkExpiresAt),
    email_received_at: formatInstant(email.receivedAt),
  };
}
