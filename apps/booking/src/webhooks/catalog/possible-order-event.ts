import { WebhookField } from 'nestjs-webhooks';
import { OrderEvent } from './order-event.js';

/** Every field of an order, or null in each. */
type PossibleOrder = { [Field in keyof OrderEvent]: OrderEvent[Field] | null };

const FIELDS: Readonly<Record<keyof OrderEvent, true>> = {
  ...{ agw_id: true, order_id: true, pnr: true, record_locator: true, booking_type: true, origin: true },
  ...{ destination: true, full_path: true, adults_pax: true, children_pax: true, infants_pax: true },
  ...{ order_status: true, total_amount: true, created_on: true, updated_on: true, session_id: true },
  ...{ agent_email: true, consumer_email: true, psg_phone: true, psg_email: true, consumer_iata_code: true },
  ...{ consumer_country_code: true, consumer: true, provider: true, agent: true, agency: true },
  ...{ currency: true, passengers: true, segments: true, services: true, seats: true },
};

const Base = OrderEvent as unknown as abstract new () => PossibleOrder;

/** What an event tells whose order may be unknown: the fields of {@link OrderEvent}, each of which may be null. */
export abstract class PossibleOrderEvent extends Base {
  /** In place of an order that nobody knows. */
  static readonly unknown = Object.fromEntries(Object.keys(FIELDS).map((name) => [name, null]));
}

for (const name of Object.keys(FIELDS)) WebhookField({ nullable: true })(PossibleOrderEvent.prototype, name);
