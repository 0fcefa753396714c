import { jsonOf, renderFailure, type EventData } from './leaf.js';
import { ownValue } from './own-value.js';

/**
 * The standard body of an event: `{ "type", "timestamp", "data" }`, as Standard Webhooks has it.
 *
 * @throws TemplateError TEMPLATE_RENDER_FAILED when the data is not plain JSON
 */
export function renderEnvelope(data: EventData): string {
  const type = ownValue(data, 'event_type') ?? null;
  const timestamp = ownValue(data, 'occurred_at') ?? null;
  try {
    return jsonOf({ type, timestamp, data });
  } catch (error) {
    throw renderFailure(error, 'body');
  }
}
