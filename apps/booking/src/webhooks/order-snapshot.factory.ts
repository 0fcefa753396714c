import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { countParty } from '../orders/booking-rules.js';
import { BookingStore } from '../orders/booking.store.js';
import type { Booking } from '../orders/booking.js';
import type { Order } from '../orders/entities/order.entity.js';
import { itineraryOf } from '../orders/itinerary.js';
import { viewOrder } from '../orders/order.view.js';
import { Agency } from '../parties/agency.entity.js';
import { Agent } from '../parties/agent.entity.js';
import type { Caller } from '../parties/caller.js';
import { Consumer } from '../parties/consumer.entity.js';
import type { OrderSnapshot } from './catalog/order-event.js';
import { PassengerData } from './catalog/passenger-data.js';
import { SeatData } from './catalog/seat-data.js';
import { SegmentData } from './catalog/segment-data.js';
import { ServiceData } from './catalog/service-data.js';

/** The one place that builds what all order events have in common, so that they cannot drift apart. */
@Injectable()
export class OrderSnapshotFactory {
  constructor(private readonly bookings: BookingStore) {}

  /**
   * The order as `manager`'s transaction sees it, and who is changing it: the agent and session of the event are
   * those of the caller, not those of the order's creation.
   */
  async take(
    manager: EntityManager,
    { agwId, consumerId }: Pick<Order, 'agwId' | 'consumerId'>,
    caller: Pick<Caller, 'agentId' | 'sessionId'>,
  ): Promise<OrderSnapshot> {
    const booking = await this.bookings.read(manager, { agwId, consumerId });
    return {
      ...orderFields(booking),
      ...(await consumerFields(manager, booking.order)),
      ...(await agentFields(manager, caller)),
      session_id: caller.sessionId,
    };
  }
}

function orderFields(booking: Booking) {
  const { order, passengers, segments } = booking;
  const { bookingType, origin, destination, fullPath } = itineraryOf(segments);
  const { ADT, CHD, INF } = countParty(passengers);
  const view = viewOrder(booking);
  return {
    ...view,
    ...{ booking_type: bookingType, origin, destination, full_path: fullPath },
    ...{ adults_pax: ADT, children_pax: CHD, infants_pax: INF },
    ...{ psg_phone: order.contactPhone, psg_email: order.contactEmail, provider: order.provider },
    passengers: view.passengers.map((passenger) => Object.assign(new PassengerData(), passenger)),
    segments: view.segments.map((segment) => Object.assign(new SegmentData(), segment)),
    services: view.services.map((service) => Object.assign(new ServiceData(), service)),
    seats: view.seats.map((seat) => Object.assign(new SeatData(), seat)),
  };
}

async function consumerFields(manager: EntityManager, { consumerId, agencyId }: Order) {
  const consumer = await manager.findOneByOrFail(Consumer, { id: consumerId });
  const agency = await manager.findOneByOrFail(Agency, { id: agencyId });
  return {
    consumer_email: consumer.email,
    consumer_iata_code: consumer.iataCode,
    consumer_country_code: consumer.countryCode,
    consumer: consumer.name,
    agency: agency.name,
  };
}

async function agentFields(manager: EntityManager, { agentId }: Pick<Caller, 'agentId'>) {
  const agent = agentId === null ? null : await manager.findOneByOrFail(Agent, { id: agentId });
  return { agent: agent?.name ?? null, agent_email: agent?.email ?? null };
}
