import type { AttemptRecord } from '../storage/delivery-archive.store.js';
import type { DeliveryRecord } from '../storage/delivery-record.js';
import type { TenantScope } from '../subscriptions/subscription.editor.js';
import type { RecordedOutcome } from '../transport/subscriber-outcome.js';
import { subscriberOutcome } from '../transport/subscriber-outcome.js';
import type { AttemptView, DeliveryView, SentRequest } from './delivery-view.js';
import { isoTime } from './iso-time.js';

/** A delivery as it may be shown. */
export function showDelivery(record: DeliveryRecord, scope: TenantScope): DeliveryView {
  return {
    id: record.id,
    event_id: record.eventId,
    subscription_id: record.subscriptionId,
    tenant: record.tenant,
    test: record.isTest,
    state: record.state,
    attempts: record.attempts,
    last_status: record.lastStatus,
    last_error: shown({ error: record.lastError, durationMs: null }, scope).error,
    created_at: isoTime(record.createdAt),
    updated_at: isoTime(record.updatedAt),
    next_attempt_at: record.dueAt === null ? null : isoTime(record.dueAt),
  };
}

/** An attempt as it may be shown. */
export function showAttempt(record: AttemptRecord, scope: TenantScope): AttemptView {
  const { error, durationMs } = shown<RecordedOutcome>(record, scope);
  const { responseHeaders, responseBody } = record;
  return {
    number: record.number,
    started_at: isoTime(record.startedAt),
    duration_ms: durationMs,
    status: record.status,
    error,
    detail: scope.tenant === undefined ? record.detail : null,
    request: requestOf(record.request),
    response:
      responseHeaders === null
        ? null
        : { headers: JSON.parse(responseHeaders) as Record<string, string>, body: responseBody ?? '' },
  };
}

// Who asks for a tenant asks on behalf of a subscriber.
function shown<T extends RecordedOutcome>(outcome: T, { tenant }: TenantScope): T {
  return tenant === undefined ? outcome : subscriberOutcome(outcome);
}

// Nothing was sent, or nothing of it is left.
function requestOf(text: string): SentRequest | null {
  return text === '{}' ? null : (JSON.parse(text) as SentRequest);
}
