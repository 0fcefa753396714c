import { QueryReader } from '../internal/query-reader.js';
import type { FiguresFilter } from '../storage/delivery-figures.store.js';
import type { TenantScope } from '../subscriptions/subscription.editor.js';
import type { StatsQuery } from './delivery-stats.js';

const BUCKETS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };
const MAX_BUCKETS = 1_440;

/** A query in good form. */
export interface StatsSearch {
  readonly filter: FiguresFilter;
  readonly bucketMs: number;
}

/** @throws QueryInvalidError */
export function readStatsQuery(query: StatsQuery, scope: TenantScope, nowMs: number): StatsSearch {
  const reader = new QueryReader();
  const bucket = reader.oneOf('bucket', query.bucket, ['minute', 'hour', 'day']) ?? 'hour';
  const since = reader.instant('since', query.since ?? null) ?? 0;
  const until = reader.instant('until', query.until) ?? nowMs;
  const tenant = reader.tenant(scope.tenant);
  const subscription = reader.text('subscription', query.subscription);
  reader.throwIfAny();
  if (since >= until)
    reader.issue('since', 'It must be before `until`, and that is now when it is left out.');
  if ((until - since) / BUCKETS[bucket] > MAX_BUCKETS) {
    reader.issue(
      'bucket',
      `The period has more than ${MAX_BUCKETS} of them: choose a longer bucket, or a later \`since\`.`,
    );
  }
  reader.throwIfAny();
  return { filter: { tenant, subscription, since, until }, bucketMs: BUCKETS[bucket] };
}
