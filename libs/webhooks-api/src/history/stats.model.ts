import type { Backlog, DeliveryCounts, DeliveryStats, StatsBucket, SubscriptionStats } from 'nestjs-webhooks';
import { flag, text, time, whole } from '../operations/fields.js';
import { modelOf, type Members } from '../operations/model.factory.js';

const NULL = { nullable: true };

const LatencyModel = modelOf<{ p50: number; p95: number; p99: number }>('Latency', {
  p50: whole('Milliseconds in which half of the attempts were over.'),
  p95: whole('95 of 100.'),
  p99: whole('99 of 100.'),
});

const COUNTS: Members<DeliveryCounts> = {
  succeeded: whole('Deliveries.'),
  exhausted: whole('All attempts were in vain.'),
  failed: whole('Could not be sent at all.'),
  canceled: whole('Given up by somebody.'),
  open: whole('Still to be sent.'),
  attempts: whole('Made.'),
  failed_attempts: whole('Of these, no success.'),
  success_rate: {
    type: 'number',
    nullable: true,
    description: 'From 0 to 1, of what is over; null: nothing is.',
  },
  latency_ms: {
    model: LatencyModel,
    nullable: true,
    description: 'Of the attempts, for a tenant of those that reached their target; null: there was none.',
  },
};

const CountsModel = modelOf<DeliveryCounts>('Counts', COUNTS);

const BucketModel = modelOf<StatsBucket>('StatsBucket', { ...COUNTS, at: time('Where the step begins.') });

const BacklogModel = modelOf<Backlog>('Backlog', {
  pending: whole('At this moment. 10,000 means: so many or more.'),
  held: whole('By a pause or a disabling.'),
  waiting: whole('For an earlier one of the same subject.'),
  oldest_pending_at: time("When the oldest pending one's event was published.", NULL),
});

const SubscriptionStatsModel = modelOf<SubscriptionStats>('SubscriptionStats', {
  subscription_id: text('Whose figures.'),
  total: { model: CountsModel },
  buckets: { models: BucketModel },
  backlog: { model: BacklogModel },
});

/** For the OpenAPI document. */
export const StatsModel = modelOf<DeliveryStats>('Stats', {
  since: time('Later than asked when `complete` is false.'),
  until: time('Up to then.'),
  complete: flag('False: there were more than 100,000 deliveries, and these are the newest.'),
  total: { model: CountsModel },
  buckets: { models: BucketModel },
  backlog: { model: BacklogModel },
  subscriptions: { models: SubscriptionStatsModel },
});
