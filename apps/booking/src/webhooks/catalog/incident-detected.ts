import { IsArray, IsBoolean, IsIn, IsISO8601, IsString, ValidateNested } from 'class-validator';
import { WebhookEvent, WebhookField } from 'nestjs-webhooks';
import type { IncidentType, VendorRefund } from '../../incidents/incident-types.js';
import { INCIDENT_TYPES, VENDOR_REFUNDS } from '../../incidents/incident-types.js';
import type { OrderSnapshot } from './order-event.js';
import { OrderEvent, orderSubject } from './order-event.js';
import { SegmentData } from './segment-data.js';

/** What an incident tells beside the order; what its type does not have is null. */
export type IncidentDetails = Omit<IncidentDetected, keyof OrderEvent>;

/** Goes out when an incident is found and again when it is confirmed, with the same `incident_id`. */
@WebhookEvent('IncidentDetected', {
  description: 'Something happened to an order that somebody must look at.',
  subject: orderSubject,
})
export class IncidentDetected extends OrderEvent {
  @WebhookField({ description: 'Our number of it', example: '0b9d6a4e-52c1-4f2a-8e61-b3f0c7d9a215' })
  @IsString()
  incident_id!: string;

  @WebhookField({ description: 'What was found', example: 'abnormal.cancelled' })
  @IsIn(INCIDENT_TYPES)
  incident_type!: IncidentType;

  @WebhookField({ description: 'Whether somebody has confirmed it', example: false })
  @IsBoolean()
  incident_confirmed!: boolean;

  @WebhookField({ description: 'Of the mail it was found in', example: null, nullable: true })
  @IsString()
  email_subject!: string | null;

  @WebhookField({ description: 'Where that mail can be fetched, for a while', example: null, nullable: true })
  @IsString()
  email_link!: string | null;

  @WebhookField({ description: 'Until when', example: null, nullable: true })
  @IsISO8601()
  email_link_expires_at!: string | null;

  @WebhookField({
    description: 'The flights before the change',
    example: null,
    nullable: true,
    type: () => SegmentData,
  })
  @IsArray()
  @ValidateNested({ each: true })
  previous_segments!: SegmentData[] | null;

  @WebhookField({
    description: 'The flights after it',
    example: null,
    nullable: true,
    type: () => SegmentData,
  })
  @IsArray()
  @ValidateNested({ each: true })
  revised_segments!: SegmentData[] | null;

  @WebhookField({ description: 'What the airline pays back by itself', example: 'FULLY', nullable: true })
  @IsIn(VENDOR_REFUNDS)
  vendor_refund!: VendorRefund | null;

  static of(order: OrderSnapshot, details: IncidentDetails): IncidentDetected {
    return Object.assign(new IncidentDetected(), order, details);
  }
}
