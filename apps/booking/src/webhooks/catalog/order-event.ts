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
import { WebhookField } from 'nestjs-webhooks';
import type { BookingType } from '../../orders/itinerary.js';
import { BOOKING_TYPES } from '../../orders/itinerary.js';
import type { OrderStatusText } from '../../orders/order-status.js';
import { ORDER_STATUS_TEXTS } from '../../orders/order-status.js';
import { PASSENGERS_EXAMPLE, SEGMENTS_EXAMPLE } from './order-examples.js';
import { PassengerData } from './passenger-data.js';
import { SeatData } from './seat-data.js';
import { SegmentData } from './segment-data.js';
import { ServiceData } from './service-data.js';

/** What every event about an order tells: the order as it is after the event. */
export abstract class OrderEvent {
  @WebhookField({ description: 'Our order number', example: 'AGW-E1TLLZH0HB', aliases: ['agwID'] })
  @IsString()
  agw_id!: string;

  @WebhookField({
    description: "The airline's order number",
    example: 'IB0A1B2C3D4E',
    nullable: true,
    aliases: ['orderID'],
  })
  @IsString()
  order_id!: string | null;

  @WebhookField({ description: "The airline's booking reference", example: 'YMCP6O', nullable: true })
  @IsString()
  pnr!: string | null;

  @WebhookField({
    description: "The reservation system's reference",
    example: '7Q2XKD',
    nullable: true,
    aliases: ['recordLocator'],
  })
  @IsString()
  record_locator!: string | null;

  @WebhookField({ description: 'Shape of the trip', example: 'Round Trip', aliases: ['bookingType'] })
  @IsIn(BOOKING_TYPES)
  booking_type!: BookingType;

  @WebhookField({ description: 'Airport where the trip starts', example: 'MAD' })
  @Length(3, 3)
  origin!: string;

  @WebhookField({ description: 'Airport where it leads; of a round trip where it turns', example: 'LHR' })
  @Length(3, 3)
  destination!: string;

  @WebhookField({
    description: 'Every flight in travel order',
    example: 'MAD-LHR, LHR-MAD',
    aliases: ['fullPath'],
  })
  @IsString()
  full_path!: string;

  @WebhookField({ description: 'Adults', example: 2, aliases: ['adultsPax'] })
  @IsInt()
  @Min(0)
  adults_pax!: number;

  @WebhookField({ description: 'Children', example: 1, aliases: ['childrenPax'] })
  @IsInt()
  @Min(0)
  children_pax!: number;

  @WebhookField({ description: 'Infants without a seat', example: 0, aliases: ['infantsPax'] })
  @IsInt()
  @Min(0)
  infants_pax!: number;

  @WebhookField({ description: 'Status after the event', example: 'ticketed', aliases: ['orderStatus'] })
  @IsIn(Object.values(ORDER_STATUS_TEXTS))
  order_status!: OrderStatusText;

  @WebhookField({
    description: 'Price with services and seats, in `currency`',
    example: 412.35,
    aliases: ['totalAmount'],
  })
  @IsNumber()
  @Min(0)
  total_amount!: number;

  @WebhookField({
    description: 'When the order was made',
    example: '2026-03-10T09:15:00Z',
    aliases: ['createdOn'],
  })
  @IsISO8601()
  created_on!: string;

  @WebhookField({
    description: 'When it changed last',
    example: '2026-03-10T09:20:30Z',
    aliases: ['updatedOn'],
  })
  @IsISO8601()
  updated_on!: string;

  @WebhookField({
    description: 'Shopping session that caused the event',
    example: '3f6c2b1e-8a47-4d0b-9c55-0e9d7f2a1b34',
    nullable: true,
    aliases: ['sessionID'],
  })
  @IsString()
  session_id!: string | null;

  @WebhookField({
    description: 'Agent who caused the event',
    example: 'lucia.perez@viajesnube.example',
    nullable: true,
    aliases: ['agentEmail'],
  })
  @IsString()
  agent_email!: string | null;

  @WebhookField({
    description: 'Customer who owns the order',
    example: 'ops@nubetravel.example',
    aliases: ['consumerEmail'],
  })
  @IsString()
  consumer_email!: string;

  @WebhookField({
    description: 'Phone of the passengers',
    example: '+34600111222',
    nullable: true,
    aliases: ['psgPhone'],
  })
  @IsString()
  psg_phone!: string | null;

  @WebhookField({
    description: 'Address of the passengers',
    example: 'ana.garcia@mail.example',
    nullable: true,
    aliases: ['psgEmail'],
  })
  @IsString()
  psg_email!: string | null;

  @WebhookField({
    description: "The customer's IATA number",
    example: '78220011',
    nullable: true,
    aliases: ['consumerIataCode'],
  })
  @IsString()
  consumer_iata_code!: string | null;

  @WebhookField({
    description: "The customer's country, ISO 3166-1",
    example: 'ES',
    aliases: ['consumerCountryCode'],
  })
  @Length(2, 2)
  consumer_country_code!: string;

  @WebhookField({ description: 'Name of the customer', example: 'Nube Travel' })
  @IsString()
  consumer!: string;

  @WebhookField({ description: 'Supplier code', example: 'IB' })
  @IsString()
  provider!: string;

  @WebhookField({
    description: 'Name of the agent who caused the event',
    example: 'Lucía Pérez',
    nullable: true,
  })
  @IsString()
  agent!: string | null;

  @WebhookField({ description: 'Name of the agency that sold the order', example: 'Viajes Nube S.L.' })
  @IsString()
  agency!: string;

  @WebhookField({ description: 'ISO 4217', example: 'EUR' })
  @Length(3, 3)
  currency!: string;

  @WebhookField({ description: 'Who travels', example: PASSENGERS_EXAMPLE, type: () => PassengerData })
  @IsArray()
  @ValidateNested({ each: true })
  passengers!: PassengerData[];

  @WebhookField({ description: 'The flights', example: SEGMENTS_EXAMPLE, type: () => SegmentData })
  @IsArray()
  @ValidateNested({ each: true })
  segments!: SegmentData[];

  @WebhookField({ description: 'What was bought beside the flights', type: () => ServiceData })
  @IsArray()
  @ValidateNested({ each: true })
  services!: ServiceData[];

  @WebhookField({ description: 'Who sits where', type: () => SeatData })
  @IsArray()
  @ValidateNested({ each: true })
  seats!: SeatData[];
}

/** The order as it is now: what every order event starts from. */
export type OrderSnapshot = Readonly<OrderEvent>;

/** The subject of all events about one order, so that they are numbered together. */
export function orderSubject({ agw_id }: OrderEvent): string {
  return `order:${agw_id}`;
}
