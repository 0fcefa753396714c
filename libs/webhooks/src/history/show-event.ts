import { isReadable } from '../dispatch/event-data.js';
import { timeOfId } from '../internal/ids.js';
import type { ArchivedEvent } from '../storage/event-archive.store.js';
import type { EventView } from './event-view.js';
import { isoTime } from './iso-time.js';

/** An event as it may be shown. */
export function showEvent(event: ArchivedEvent): EventView {
  return {
    id: event.id,
    type: event.type,
    tenant: event.tenant,
    subject: event.subject,
    sequence: event.sequence,
    catalog_version: event.catalogVersion,
    occurred_at: isoTime(event.occurredAt),
    published_at: isoTime(timeOfId(event.id)),
    data: ownData(event),
    expunged_at: event.expungedAt === null ? null : isoTime(event.expungedAt),
  };
}

function ownData(event: ArchivedEvent): EventView['data'] {
  if (event.expungedAt !== null || !isReadable(event)) return null;
  return JSON.parse(event.data) as EventView['data'];
}
