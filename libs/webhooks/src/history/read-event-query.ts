import type { EventCatalog } from '../catalog/event-catalog.service.js';
import { UnknownEventTypeError } from '../errors/unknown-event-type-error.js';
import { QueryReader } from '../internal/query-reader.js';
import type { EventFilter } from '../storage/event-archive.store.js';
import type { TenantScope } from '../subscriptions/subscription.editor.js';
import type { EventQuery } from './event-query.js';

/** A query in good form. */
export interface EventSearch {
  readonly filter: EventFilter;
  readonly undelivered: boolean;
  readonly limit: number;
  readonly after: string | null;
}

const CURSORS = {
  newest: /^evt_[0-9A-Z]{10,26}$/,
  commit: /^commit_\d{1,19}_\d{1,18}$/,
};

/** @throws QueryInvalidError */
export function readEventQuery(
  query: EventQuery,
  scope: TenantScope,
  catalog: Pick<EventCatalog, 'get'>,
): EventSearch {
  const reader = new QueryReader();
  const order = reader.oneOf('order', query.order, ['newest', 'commit']) ?? 'newest';
  const filter = {
    tenant: reader.tenant(scope.tenant),
    types: reader.list('types', query.types, (path, name) => typeName(reader, catalog, { path, name })),
    subject: reader.text('subject', query.subject),
    since: reader.instant('since', query.since),
    until: reader.instant('until', query.until),
    order,
  };
  const undelivered = reader.oneOf('state', query.state, ['undelivered']) !== null;
  const limit = reader.limit(query.limit);
  const after = reader.cursor(query.cursor, CURSORS[order]);
  reader.throwIfAny();
  return { filter, undelivered, limit, after };
}

function typeName(
  reader: QueryReader,
  catalog: Pick<EventCatalog, 'get'>,
  { path, name }: { path: string; name: unknown },
): string | null {
  const text = reader.text(path, name);
  try {
    return text && catalog.get(text).name;
  } catch (error) {
    if (error instanceof UnknownEventTypeError) return reader.issue(path, error.message);
    throw error;
  }
}
