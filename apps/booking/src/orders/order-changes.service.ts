import { Injectable } from '@nestjs/common';
import { WebhooksService } from 'nestjs-webhooks';
import type { Caller } from '../parties/caller.js';
import { OrderChanged } from '../webhooks/catalog/order-changed.js';
import { OrderSnapshotFactory } from '../webhooks/order-snapshot.factory.js';
import type { Booking } from './booking.js';
import { BookingStore } from './booking.store.js';
import { editItinerary } from './changes/flights.js';
import { OrderEdit } from './changes/order-edit.js';
import { editSeats } from './changes/seats.js';
import { editServices } from './changes/services.js';
import { editContact, editNames, editPrice } from './changes/travellers.js';
import type { ChangeOrderDto } from './dto/change-order.dto.js';
import { toMinor } from './money.js';
import { checkOpen } from './order-status.js';

/** Changes orders because their customers want it: travellers, flights, price, services, seats. */
@Injectable()
export class OrderChangesService {
  constructor(
    private readonly webhooks: WebhooksService,
    private readonly snapshots: OrderSnapshotFactory,
    private readonly bookings: BookingStore,
  ) {}

  /**
   * Carries out everything that is asked for in one transaction, or nothing of it. A request that leaves the order as
   * it is announces nothing.
   *
   * @throws BookingError `ORDER_NOT_FOUND`, `ORDER_CLOSED`, `BOOKING_INVALID`, `SEAT_TAKEN`, `AIRPORT_UNKNOWN`
   */
  change(agwId: string, request: ChangeOrderDto, caller: Caller): Promise<Booking> {
    const key = { agwId, consumerId: caller.consumerId };
    return this.webhooks.transaction(async (manager) => {
      const booking = await this.bookings.lock(manager, key);
      checkOpen(booking.order);
      const edit = new OrderEdit(manager, booking);
      await carryOut(edit, request);
      const { announcements, changes } = edit;
      if (changes.length === 0) return booking;
      await this.bookings.save(manager, booking);

      const order = await this.snapshots.take(manager, booking.order, caller);
      // What happened in particular, then that something did: numbered in this order.
      const events = [...announcements.map((event) => event(order)), OrderChanged.of(order, { changes })];
      for (const event of events) await this.webhooks.publish(event, { manager, tenant: caller.consumerId });
      return this.bookings.read(manager, key);
    });
  }
}

/** In the order of the catalog's events: flights first, and what is given back before what is taken. */
async function carryOut(edit: OrderEdit, request: ChangeOrderDto): Promise<void> {
  const { contact, names, itinerary, total_amount, services, seats } = request;
  if (contact) editContact(edit, contact);
  if (names) await editNames(edit, names);
  const lost = itinerary ? await editItinerary(edit, itinerary) : [];
  if (typeof total_amount === 'number') editPrice(edit, toMinor(total_amount, edit.booking.order.currency));
  if (services) await editServices(edit, services);
  await editSeats(edit, seats ?? {}, lost);
}
