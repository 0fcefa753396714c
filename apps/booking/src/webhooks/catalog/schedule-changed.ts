import { IsArray, IsBoolean, IsIn, IsInt, IsISO8601, IsString, ValidateNested } from 'class-validator';
import { WebhookEvent, WebhookField } from 'nestjs-webhooks';
import type { ScheduleChangeKind, ScheduleReasonCode } from '../../schedule-changes/schedule-reasons.js';
import { SCHEDULE_CHANGE_CODES, SCHEDULE_REASONS } from '../../schedule-changes/schedule-reasons.js';
import type { OrderSnapshot } from './order-event.js';
import { OrderEvent, orderSubject } from './order-event.js';
import { RETIMED_EXAMPLE, SEGMENTS_EXAMPLE } from './order-examples.js';
import { SegmentData } from './segment-data.js';

/** What a schedule change tells beside the order. */
export type ScheduleChangeDetails = Omit<ScheduleChanged, keyof OrderEvent>;

/** The airline's doing; what travellers want themselves is `DatesChanged`. */
@WebhookEvent('ScheduleChanged', {
  description: 'An airline changed or cancelled flights of an order.',
  aliases: ['order.schedulechange', 'order.scheduleChange'],
  subject: orderSubject,
})
export class ScheduleChanged extends OrderEvent {
  @WebhookField({ description: 'What the airline did', example: 'schedule_change' })
  @IsIn(Object.keys(SCHEDULE_CHANGE_CODES))
  schedule_change_type!: ScheduleChangeKind;

  @WebhookField({ description: 'The same as a number: 1 changed, 2 cancelled', example: 1 })
  @IsIn(Object.values(SCHEDULE_CHANGE_CODES))
  schedule_change_code!: number;

  @WebhookField({ description: 'Why', example: 'RETIMED' })
  @IsIn(Object.keys(SCHEDULE_REASONS))
  reason_code!: ScheduleReasonCode;

  @WebhookField({ description: 'Why, in words', example: SCHEDULE_REASONS.RETIMED })
  @IsString()
  reason!: string;

  @WebhookField({ description: 'Whether the airline has confirmed it', example: true })
  @IsBoolean()
  confirmed!: boolean;

  @WebhookField({
    description: 'The flights concerned, before this change',
    example: SEGMENTS_EXAMPLE.slice(0, 1),
    type: () => SegmentData,
  })
  @IsArray()
  @ValidateNested({ each: true })
  previous_segments!: SegmentData[];

  @WebhookField({
    description: 'What becomes of them; empty when they are cancelled without replacement',
    example: RETIMED_EXAMPLE,
    type: () => SegmentData,
  })
  @IsArray()
  @ValidateNested({ each: true })
  revised_segments!: SegmentData[];

  @WebhookField({
    description: 'All flights as they were first bought, the same in every change',
    example: SEGMENTS_EXAMPLE,
    type: () => SegmentData,
  })
  @IsArray()
  @ValidateNested({ each: true })
  original_segments!: SegmentData[];

  @WebhookField({
    description: 'Largest delay in minutes against the times before; negative: earlier; null: cancelled',
    example: 95,
    nullable: true,
  })
  @IsInt()
  max_delay_minutes!: number | null;

  @WebhookField({ description: 'Whether the seller must answer the airline', example: true })
  @IsBoolean()
  action_required!: boolean;

  @WebhookField({ description: 'Until when', example: '2026-04-10T22:00:00Z', nullable: true })
  @IsISO8601()
  action_deadline!: string | null;

  @WebhookField({
    description: 'What the airline does without an answer',
    example: 'The new times apply.',
    nullable: true,
  })
  @IsString()
  action_if_none!: string | null;

  static of(order: OrderSnapshot, details: ScheduleChangeDetails): ScheduleChanged {
    return Object.assign(new ScheduleChanged(), order, details);
  }
}
