import { BookingError } from '../booking-error.js';
import type { ContactDto, NameDto } from '../dto/change-order.dto.js';
import { passengerOf } from '../extras-rules.js';
import type { OrderEdit } from './order-edit.js';

/** Whom to call and where to write. Null takes away what there was. */
export function editContact(edit: OrderEdit, { phone, email }: ContactDto): void {
  const { order } = edit.booking;
  const { contactPhone, contactEmail } = order;
  if (phone !== undefined) order.contactPhone = phone;
  if (email !== undefined) order.contactEmail = email;
  if (order.contactPhone !== contactPhone || order.contactEmail !== contactEmail) edit.touch('contact');
}

/** Corrects names; the tickets stay until a reissue. */
export async function editNames(edit: OrderEdit, names: readonly NameDto[]): Promise<void> {
  for (const { passenger_ref, first_name, last_name, title } of names) {
    const passenger = passengerOf(edit.booking, passenger_ref);
    const before = { ...passenger };
    passenger.firstName = first_name ?? passenger.firstName;
    passenger.lastName = last_name ?? passenger.lastName;
    passenger.title = title === undefined ? passenger.title : title;
    const same =
      before.firstName === passenger.firstName &&
      before.lastName === passenger.lastName &&
      before.title === passenger.title;
    if (same) continue;
    await edit.manager.save(passenger);
    edit.touch('names');
  }
}

/** Prices an order anew without changing what was bought. */
export function editPrice(edit: OrderEdit, totalMinor: number): void {
  if (totalMinor < 0) throw new BookingError('BOOKING_INVALID', 'No order costs less than nothing.');
  const difference = totalMinor - edit.booking.order.totalAmountMinor;
  if (difference === 0) return;
  edit.addToTotal(difference);
  edit.touch('price');
}
