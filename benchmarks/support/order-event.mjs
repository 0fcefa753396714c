/**
 * The event of every benchmark: the order of the airline documentation, all 26 fields, the currency, three passengers and
 * two segments; about 1.8 kB of JSON. The decorators are called by hand, because this is plain JavaScript.
 */
import { readFileSync } from 'node:fs';
import 'reflect-metadata';
import {
  IsArray,
  IsIn,
  IsInt,
  IsISO8601,
  IsNumber,
  IsString,
  Length,
  Min,
  ValidateNested,
} from 'class-validator';
import { WebhookEvent, WebhookField } from 'nestjs-webhooks';

const FIXTURES = new URL('../../test/fixtures/templates.json', import.meta.url);
const ENVELOPE = ['event_id', 'event_type', 'occurred_at', 'sequence', 'catalog_version'];

class PassengerData {}
class SegmentData {}

/** An order was ticketed. */
export class OrderTicketed {}

const text = () => [WebhookField(), IsString()];
const nullableText = () => [WebhookField({ nullable: true }), IsString()];
const airport = () => [WebhookField(), Length(3, 3)];
const count = () => [WebhookField(), IsInt(), Min(0)];
const instant = () => [WebhookField(), IsISO8601()];
const choice = (...values) => [WebhookField(), IsIn(values)];
const list = (type) => [WebhookField({ type: () => type }), IsArray(), ValidateNested({ each: true })];

function decorate(target, fields) {
  for (const [name, decorators] of Object.entries(fields)) {
    for (const decorator of decorators) decorator(target.prototype, name);
  }
}

decorate(PassengerData, {
  ref: text(),
  type: choice('ADT', 'CHD', 'INF'),
  name: text(),
  ticket_numbers: [WebhookField(), IsArray(), IsString({ each: true })],
});

decorate(SegmentData, {
  ref: text(),
  leg: count(),
  carrier: text(),
  flight_number: text(),
  origin: airport(),
  destination: airport(),
  departure_local: text(),
  departure_tz: text(),
  departure_at: instant(),
  arrival_local: text(),
  arrival_tz: text(),
  arrival_at: instant(),
  status: text(),
});

decorate(OrderTicketed, {
  agw_id: text(),
  order_id: nullableText(),
  pnr: nullableText(),
  record_locator: nullableText(),
  booking_type: choice('One Way', 'Round Trip', 'Multi City'),
  origin: airport(),
  destination: airport(),
  full_path: text(),
  adults_pax: count(),
  children_pax: count(),
  infants_pax: count(),
  order_status: choice('created', 'ticketing', 'ticketed', 'cancelled'),
  total_amount: [WebhookField(), IsNumber(), Min(0)],
  created_on: instant(),
  updated_on: instant(),
  session_id: nullableText(),
  agent_email: nullableText(),
  consumer_email: nullableText(),
  psg_phone: nullableText(),
  psg_email: nullableText(),
  consumer_iata_code: nullableText(),
  consumer_country_code: nullableText(),
  consumer: text(),
  provider: text(),
  agent: nullableText(),
  agency: nullableText(),
  currency: [WebhookField(), Length(3, 3)],
  passengers: list(PassengerData),
  segments: list(SegmentData),
  services: [WebhookField(), IsArray()],
  seats: [WebhookField(), IsArray()],
});

WebhookEvent('OrderTicketed', { subject: ({ agw_id }) => `order:${agw_id}` })(OrderTicketed);

const [{ data }] = JSON.parse(readFileSync(FIXTURES, 'utf8'));

/** The documented event, its envelope included. */
export const documentedEvent = data;

/** The fields of the order alone. */
export const ORDER = Object.fromEntries(Object.entries(data).filter(([name]) => !ENVELOPE.includes(name)));
const PASSENGERS = ORDER.passengers.map((passenger) => Object.assign(new PassengerData(), passenger));
const SEGMENTS = ORDER.segments.map((segment) => Object.assign(new SegmentData(), segment));

/** The documented order under a number of its own. */
export function orderTicketed(agwId) {
  return Object.assign(new OrderTicketed(), ORDER, {
    agw_id: agwId,
    passengers: PASSENGERS,
    segments: SEGMENTS,
  });
}
