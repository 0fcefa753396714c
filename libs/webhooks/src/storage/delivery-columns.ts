/** What proves that a row is ours. */
export const LEASED = { id: 'text', fence: 'bigint' } as const;
/** An event to be closed. */
export const CLOSING = { id: 'text', fence: 'bigint', version: 'bigint' } as const;
const DELIVERY = {
  id: 'text',
  event_id: 'text',
  subscription_id: 'text',
  tenant: 'text',
  state: 'text',
  due_in: 'bigint',
  expires_in: 'bigint',
} as const;
/** A delivery to be written before its first attempt. */
export const FAN_OUT = { ...DELIVERY, event_fence: 'bigint', subject: 'text', sequence: 'bigint' } as const;
/** What became of a delivery. */
export const OUTCOME = {
  ...DELIVERY,
  fence: 'bigint',
  attempts: 'bigint',
  step: 'bigint',
  last_status: 'bigint',
  last_error: 'text',
  body: 'text',
} as const;
/** A subscription's health. */
export const HEALTH = {
  subscription_id: 'text',
  version: 'bigint',
  failures: 'bigint',
  failing_since: 'bigint',
  open_until: 'bigint',
  opens: 'bigint',
  noticed: 'bigint',
} as const;
/** A subject whose order may go on. */
export const SUBJECT = { tenant: 'text', subject: 'text' } as const;
/** An attempt to be recorded. */
export const ATTEMPT = {
  delivery_id: 'text',
  number: 'bigint',
  started_at: 'bigint',
  duration_ms: 'bigint',
  status: 'bigint',
  error: 'text',
  detail: 'text',
  request: 'text',
  response_headers: 'text',
  response_body: 'text',
} as const;
