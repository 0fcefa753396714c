/** A Nest application that publishes and delivers, and may replay an archive at the same time. */
import { JobsService } from 'nestjs-webhooks';
import { envelopeTo } from '../support/host-app.mjs';
import { orderTicketed } from '../support/order-event.mjs';
import { open as openDelivery } from './delivery-app.mjs';

const ARCHIVED = 'archived';
const AT_ONCE = 1_000;
const SINCE = '2020-01-01T00:00:00Z';

/** Publishes events of a tenant that has no subscription yet. */
async function fillArchive(webhooks, count) {
  for (let from = 0; from < count; from += AT_ONCE) {
    const publication = (_, n) => ({ event: orderTicketed(`ARCHIVED-${from + n}`), tenant: ARCHIVED });
    await webhooks.publishMany(Array.from({ length: Math.min(AT_ONCE, count - from) }, publication));
  }
  await webhooks.drain();
}

export async function open({ archived, replayPort, ...options }) {
  const app = await openDelivery(options);
  const { webhooks, subscriptions, part } = app.host;
  if (archived === undefined) return app;
  await fillArchive(webhooks, archived);
  const target = { tenant: ARCHIVED, event_types: ['OrderTicketed'], ...envelopeTo(replayPort) };
  const { id } = await subscriptions.create(target);
  const jobs = part(JobsService);
  let job;
  app.beginReplay = async () => void (job = await jobs.replay(id, { since: SINCE }));
  /** Events that were sent; fails when the replay was over before the measurement. */
  app.endReplay = async () => (await jobs.cancel(job.id)).succeeded;
  return app;
}
