import { firstIdAt, timeOfId } from '../internal/ids.js';

/**
 * Finds the deliveries of one event by the index of their ids, which begin with its instant. The parameters are `$1` to `$3`.
 */
export const DELIVERIES_OF_EVENT = 'event_id = $1 AND id >= $2 AND id < $3';

/** The parameters of {@link DELIVERIES_OF_EVENT}. */
export function deliveriesOf(eventId: string): [id: string, from: string, to: string] {
  const at = timeOfId(eventId);
  return [eventId, firstIdAt('dlv', at), firstIdAt('dlv', at + 1)];
}
