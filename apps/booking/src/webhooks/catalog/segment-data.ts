import { IsInt, IsISO8601, IsString, Length, Matches, Min } from 'class-validator';
import { WebhookField } from 'nestjs-webhooks';
import type { Segment } from '../../orders/entities/segment.entity.js';
import { viewSegment } from '../../orders/order.view.js';

const LOCAL_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/;

/** One flight of an order. */
export class SegmentData {
  @WebhookField({ description: 'Name of the flight within the order', example: 'SEG1' })
  @IsString()
  ref!: string;

  @WebhookField({ description: 'Direction of the journey, from 1', example: 1 })
  @IsInt()
  @Min(1)
  leg!: number;

  @WebhookField({ description: 'IATA code of the airline', example: 'IB' })
  @IsString()
  carrier!: string;

  @WebhookField({ description: 'Flight number with the airline', example: 'IB3166' })
  @IsString()
  flight_number!: string;

  @WebhookField({ description: 'Airport of departure', example: 'MAD' })
  @Length(3, 3)
  origin!: string;

  @WebhookField({ description: 'Airport of arrival', example: 'LHR' })
  @Length(3, 3)
  destination!: string;

  @WebhookField({ description: 'Departure by the clocks of the airport', example: '2026-04-18T11:45:00' })
  @Matches(LOCAL_TIME)
  departure_local!: string;

  @WebhookField({ description: 'IANA time zone of the departure', example: 'Europe/Madrid' })
  @IsString()
  departure_tz!: string;

  @WebhookField({ description: 'Departure as an instant', example: '2026-04-18T09:45:00Z' })
  @IsISO8601()
  departure_at!: string;

  @WebhookField({ description: 'Arrival by the clocks of the airport', example: '2026-04-18T13:15:00' })
  @Matches(LOCAL_TIME)
  arrival_local!: string;

  @WebhookField({ description: 'IANA time zone of the arrival', example: 'Europe/London' })
  @IsString()
  arrival_tz!: string;

  @WebhookField({ description: 'Arrival as an instant', example: '2026-04-18T12:15:00Z' })
  @IsISO8601()
  arrival_at!: string;

  @WebhookField({ description: "The airline's status code", example: 'HK' })
  @IsString()
  status!: string;
}

/** A flight as it is now. */
export function segmentData(segment: Segment): SegmentData {
  return Object.assign(new SegmentData(), viewSegment(segment));
}
