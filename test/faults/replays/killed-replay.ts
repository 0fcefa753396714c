import type { JobView } from 'nestjs-webhooks';
import { JobsService } from 'nestjs-webhooks';
import { startHost, type Host } from '../../support/host.js';
import { EVER } from '../../support/jobs.js';
import { OrderCreated } from '../../support/order-events.js';
import type { MutantName } from '../support/fault-host.js';
import type { FaultScene } from '../support/fault-scene.js';
import { orderIds } from '../support/fault-scene.js';
import { Ledger, type Verdict } from '../support/ledger.js';

/** The default lease, and a moment. */
const AFTER_THE_LEASE_MS = 60_001;
const AT_ONCE = 1_000;

/** What a replay came to that was killed again and again. */
export interface KilledReplay extends Verdict {
  readonly job: JobView;
  /** Messages that came again although their success was on record when their process died. */
  readonly needless: readonly string[];
}

/** Events that nobody has subscribed to yet. */
async function archive(host: Host, orders: readonly string[]): Promise<void> {
  for (let from = 0; from < orders.length; from += AT_ONCE) {
    const events = orders.slice(from, from + AT_ONCE).map((order) => ({ event: OrderCreated.of(order) }));
    await host.webhooks.publishMany(events);
  }
}

async function recorded(host: Host): Promise<Set<string>> {
  const rows = await host.dataSource.query(
    `SELECT event_id FROM webhooks_deliveries WHERE state = 'succeeded'`,
  );
  return new Set((rows as { event_id: string }[]).map(({ event_id }) => event_id));
}

/**
 * Replays so many events; the process that does is killed by `kill -9` in the middle, so many times, and each time another
 * one takes over.
 */
export async function killedReplay(
  scene: FaultScene,
  { events, kills, mutant }: { events: number; kills: number; mutant?: MutantName },
): Promise<KilledReplay> {
  const { receiver } = scene;
  const observer = await startHost(scene.options, { webhooks: { dispatch: false } });
  const orders = orderIds('O', events);
  await archive(observer, orders);
  const [subscription] = await scene.subscribe();
  const { id } = await observer.get(JobsService).replay(subscription!.id, EVER);
  const needless: string[] = [];
  let onRecord = new Set<string>();
  let seen = 0;
  const compare = (): void => {
    const again = receiver.requests.slice(seen).map(({ webhookId }) => webhookId);
    needless.push(...again.filter((each) => onRecord.has(each)));
    seen = receiver.requests.length;
  };
  for (let kill = 0; kill < kills; kill++) {
    const host = await scene.start({ aheadMs: kill * AFTER_THE_LEASE_MS, mutant });
    await receiver.arrived(Math.ceil((events * (kill + 1)) / (kills + 2)));
    await host.kill();
    compare();
    onRecord = await recorded(observer);
  }
  const last = await scene.start({ aheadMs: kills * AFTER_THE_LEASE_MS, mutant });
  let job: JobView;
  do {
    await last.drain();
    job = await observer.get(JobsService).get(id);
  } while (job.finished_at === null);
  await last.terminate();
  compare();
  await observer.close();
  return { ...new Ledger({ acknowledged: orders, received: receiver.requests }).verdict(), job, needless };
}
