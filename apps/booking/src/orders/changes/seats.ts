import { randomUUID } from 'node:crypto';
import { SeatData } from '../../webhooks/catalog/seat-data.js';
import { SeatsAddition } from '../../webhooks/catalog/seats-addition.js';
import { SeatsDeletion } from '../../webhooks/catalog/seats-deletion.js';
import type { Booking } from '../booking.js';
import type { NewSeatDto } from '../dto/add-seats.dto.js';
import type { ExtrasDto } from '../dto/change-order.dto.js';
import { Seat } from '../entities/seat.entity.js';
import { checkSeats, GIVEN_BACK, heldOf, isHeld, passengerOf, segmentOf } from '../extras-rules.js';
import { sumOf, toMinor } from '../money.js';
import { viewSeat } from '../order.view.js';
import type { OrderEdit } from './order-edit.js';

/**
 * Releases seats, then assigns others: in this order, so that a swap can take what it has just released.
 *
 * @param released seats that are lost with their flights, to be told of together with those that are released on demand
 */
export async function editSeats(
  edit: OrderEdit,
  { remove, add }: ExtrasDto<NewSeatDto>,
  released: readonly Seat[] = [],
): Promise<void> {
  const gone = new Set([...released, ...heldOf(edit.booking.seats, remove ?? [])]);
  if (gone.size > 0) await releaseSeats(edit, [...gone]);
  if (add?.length) await assignSeats(edit, seatsOf(edit.booking, add));
}

async function assignSeats(edit: OrderEdit, seats: Seat[]): Promise<void> {
  const { booking } = edit;
  checkSeats(booking.passengers, [...booking.seats.filter(isHeld), ...seats]);
  await edit.manager.insert(Seat, seats);
  booking.seats.push(...seats);
  edit.touch('seats');
  edit.addToTotal(sumOf(seats));
  const data = dataOf(booking, seats);
  edit.announce((order) => SeatsAddition.of(order, { seats: data }));
}

async function releaseSeats(edit: OrderEdit, seats: Seat[]): Promise<void> {
  for (const seat of seats) seat.status = GIVEN_BACK;
  await edit.manager.save(seats);
  edit.touch('seats');
  edit.addToTotal(-sumOf(seats));
  const data = dataOf(edit.booking, seats);
  edit.announce((order) => SeatsDeletion.of(order, { seats: data }));
}

function dataOf(booking: Booking, seats: readonly Seat[]): SeatData[] {
  return seats.map((seat) => Object.assign(new SeatData(), viewSeat(booking, seat)));
}

function seatsOf(booking: Booking, seats: readonly NewSeatDto[]): Seat[] {
  const { id: orderId, currency } = booking.order;
  return seats.map(({ passenger_ref, segment_ref, seat_number, amount }, index) => {
    const position = booking.seats.length + index + 1;
    return Object.assign(new Seat(), {
      ...{ id: randomUUID(), orderId, position, ref: `SEAT${position}` },
      passengerId: passengerOf(booking, passenger_ref).id,
      segmentId: segmentOf(booking, segment_ref).id,
      seatNumber: seat_number,
      ...{ amountMinor: toMinor(amount, currency), currency, status: 'HK' },
    });
  });
}
