import { randomUUID } from 'node:crypto';
import { ServiceData } from '../../webhooks/catalog/service-data.js';
import { ServicesAddition } from '../../webhooks/catalog/services-addition.js';
import { ServicesDeletion } from '../../webhooks/catalog/services-deletion.js';
import type { Booking } from '../booking.js';
import type { NewServiceDto } from '../dto/add-services.dto.js';
import type { ExtrasDto } from '../dto/change-order.dto.js';
import { Service } from '../entities/service.entity.js';
import { GIVEN_BACK, heldOf, passengerOf, segmentOf } from '../extras-rules.js';
import { sumOf, toMinor } from '../money.js';
import { viewService } from '../order.view.js';
import type { OrderEdit } from './order-edit.js';

/** Sells services and takes them back; it raises and lowers the price of the order. */
export async function editServices(
  edit: OrderEdit,
  { remove, add }: ExtrasDto<NewServiceDto>,
): Promise<void> {
  if (remove?.length) await removeServices(edit, heldOf(edit.booking.services, remove));
  if (add?.length) await addServices(edit, servicesOf(edit.booking, add));
}

async function addServices(edit: OrderEdit, services: Service[]): Promise<void> {
  await edit.manager.insert(Service, services);
  edit.booking.services.push(...services);
  edit.touch('services');
  const total_amount_delta = edit.addToTotal(sumOf(services));
  const data = dataOf(edit.booking, services);
  edit.announce((order) => ServicesAddition.of(order, { services: data, total_amount_delta }));
}

/** Takes services back and gives their price back. */
async function removeServices(edit: OrderEdit, services: Service[]): Promise<void> {
  for (const service of services) service.status = GIVEN_BACK;
  await edit.manager.save(services);
  edit.touch('services');
  edit.addToTotal(-sumOf(services));
  const data = dataOf(edit.booking, services);
  edit.announce((order) => ServicesDeletion.of(order, { services: data }));
}

function dataOf(booking: Booking, services: readonly Service[]): ServiceData[] {
  return services.map((service) => Object.assign(new ServiceData(), viewService(booking, service)));
}

function servicesOf(booking: Booking, services: readonly NewServiceDto[]): Service[] {
  const { id: orderId, currency } = booking.order;
  return services.map(({ passenger_ref, segment_ref, type, code, quantity, amount }, index) => {
    const position = booking.services.length + index + 1;
    return Object.assign(new Service(), {
      ...{ id: randomUUID(), orderId, position, ref: `SRV${position}` },
      passengerId: passengerOf(booking, passenger_ref).id,
      segmentId: segment_ref === undefined ? null : segmentOf(booking, segment_ref).id,
      ...{ type, code, quantity, amountMinor: toMinor(amount, currency), currency, status: 'HK' },
    });
  });
}
