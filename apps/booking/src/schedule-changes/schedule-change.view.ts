import type { SegmentView } from '../orders/order.view.js';
import { formatInstant } from '../orders/zoned-time.js';
import type { ScheduleChangeDetails } from '../webhooks/catalog/schedule-changed.js';
import { SegmentData } from '../webhooks/catalog/segment-data.js';
import type { ScheduleChangeDto } from './dto/schedule-change.dto.js';
import type { ScheduleChange } from './schedule-change.entity.js';
import { SCHEDULE_CHANGE_CODES, SCHEDULE_REASONS } from './schedule-reasons.js';

/** Flights that were kept as JSON, as an event carries them. */
export function segmentsData(views: readonly SegmentView[]): SegmentData[] {
  return views.map((view) => Object.assign(new SegmentData(), view));
}

/** What the event tells of a change beside the order. */
export function detailsOf(change: ScheduleChange, notice: ScheduleChangeDto): ScheduleChangeDetails {
  const { action_deadline, action_if_none, reason, reason_code } = notice;
  return {
    schedule_change_type: change.kind,
    schedule_change_code: SCHEDULE_CHANGE_CODES[change.kind],
    reason_code,
    reason: reason ?? SCHEDULE_REASONS[reason_code],
    confirmed: change.confirmed,
    previous_segments: segmentsData(change.previous),
    revised_segments: segmentsData(change.revised),
    original_segments: segmentsData(change.original),
    max_delay_minutes: change.maxDelayMinutes,
    action_required: action_deadline !== undefined,
    action_deadline: action_deadline === undefined ? null : formatInstant(new Date(action_deadline)),
    action_if_none: action_if_none ?? null,
  };
}
