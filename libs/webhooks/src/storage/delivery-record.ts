import type { DeliveryState } from '../dispatch/delivery.js';
import type { Row } from './database.js';

/** A delivery's row. */
export interface DeliveryRecord {
  readonly id: string;
  readonly eventId: string;
  readonly subscriptionId: string;
  readonly tenant: string;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly lastStatus: number | null;
  readonly lastError: string | null;
  readonly body: string | null;
  readonly expiresAt: number;
  readonly fence: number;
  readonly isTest: boolean;
  /** Epoch milliseconds of the database. */
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly dueAt: number | null;
}

/** What is read of it. */
export const DELIVERY_COLUMNS =
  'id, event_id, subscription_id, tenant, state, attempts, last_status, last_error, body, expires_at, fence, test, created_at, updated_at, due_at';

/** A delivery from its row. */
export function recordOf(row: Row): DeliveryRecord {
  return {
    id: row.id as string,
    eventId: row.event_id as string,
    subscriptionId: row.subscription_id as string,
    tenant: row.tenant as string,
    state: row.state as DeliveryState,
    attempts: Number(row.attempts),
    lastStatus: row.last_status === null ? null : Number(row.last_status),
    lastError: row.last_error as string | null,
    body: row.body as string | null,
    expiresAt: Number(row.expires_at),
    fence: Number(row.fence),
    isTest: row.test !== null,
    createdAt: Number(row.created_at),
    updatedAt: Number(row.updated_at),
    dueAt: row.due_at === null ? null : Number(row.due_at),
  };
}
