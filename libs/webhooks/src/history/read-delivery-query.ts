import type { DeliveryState } from '../dispatch/delivery.js';
import { QueryReader } from '../internal/query-reader.js';
import type { DeliveryFilter } from '../storage/delivery-archive.store.js';
import type { TenantScope } from '../subscriptions/subscription.editor.js';
import { errorsShownAs } from '../transport/subscriber-outcome.js';
import type { DeliveryQuery } from './delivery-query.js';

/** A query in good form. */
export interface DeliverySearch {
  readonly filter: DeliveryFilter;
  readonly limit: number;
  readonly after: string | null;
}

const STATES: readonly DeliveryState[] = [
  'pending',
  'held',
  'waiting',
  'succeeded',
  'exhausted',
  'failed',
  'canceled',
];
const CLASSES = ['1xx', '2xx', '3xx', '4xx', '5xx'] as const;
const CURSOR = { all: /^dlv_[0-9A-Z]{10,26}$/, ofSubscription: /^evt_[0-9A-Z]{10,26}$/ };

/** @throws QueryInvalidError */
export function readDeliveryQuery(query: DeliveryQuery, scope: TenantScope): DeliverySearch {
  const reader = new QueryReader();
  const statusClass = reader.oneOf('statusClass', query.statusClass, CLASSES);
  const error = reader.text('error', query.error);
  const filter = {
    tenant: reader.tenant(scope.tenant),
    subscription: reader.text('subscription', query.subscription),
    event: reader.text('event', query.event),
    states: reader.list('states', query.states, (path, state) => reader.oneOf(path, state ?? null, STATES)),
    statusClass: statusClass && Number(statusClass[0]),
    errors: error === null ? null : scope.tenant === undefined ? [error] : errorsShownAs(error),
    since: reader.instant('since', query.since),
    until: reader.instant('until', query.until),
    test: reader.flag('test', query.test),
  };
  const limit = reader.limit(query.limit);
  const after = reader.cursor(
    query.cursor,
    filter.subscription === null ? CURSOR.all : CURSOR.ofSubscription,
  );
  reader.throwIfAny();
  return { filter, limit, after };
}
