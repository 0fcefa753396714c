import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { BookingClock } from '../system/booking-clock.js';
import { BookingNumbers } from '../system/booking-numbers.js';
import type { Booking } from './booking.js';
import type { TicketStatus } from './entities/ticket.entity.js';
import { Ticket } from './entities/ticket.entity.js';

/** Gives every passenger a ticket. */
@Injectable()
export class TicketIssuer {
  constructor(
    private readonly clock: BookingClock,
    private readonly numbers: BookingNumbers,
  ) {}

  /** One new ticket for each passenger; those they had are exchanged. */
  async issue(manager: EntityManager, booking: Booking): Promise<void> {
    await this.close(manager, booking, 'EXCHANGED');
    const issuedOn = this.clock.now();
    const tickets = booking.passengers.map((passenger) =>
      Object.assign(new Ticket(), {
        id: randomUUID(),
        passengerId: passenger.id,
        number: this.numbers.ticketNumber(booking.order.provider),
        issuedOn,
        status: 'OPEN' as const,
      }),
    );
    await manager.insert(Ticket, tickets);
  }

  /** Ends the tickets that could still be flown with. */
  async close(manager: EntityManager, booking: Booking, status: TicketStatus): Promise<void> {
    for (const { id } of booking.tickets.filter((ticket) => ticket.status === 'OPEN')) {
      await manager.update(Ticket, { id }, { status });
    }
  }
}
