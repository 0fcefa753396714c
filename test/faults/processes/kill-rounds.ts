import type { MutantName } from '../support/fault-host.js';
import type { FaultScene } from '../support/fault-scene.js';
import { orderIds } from '../support/fault-scene.js';
import type { Verdict } from '../support/ledger.js';

/** The default lease, and a moment. */
export const AFTER_THE_LEASE_MS = 60_001;

const CONCURRENCY = 8;
const EVERY_FIFTH = 5;

/** What rounds of a fault came to. */
export interface Rounds extends Verdict {
  /** Requests whose outcome could not be on record when their process died: no more may have come twice. */
  readonly inFlight: number;
}

/**
 * In each round a process sends some orders and puts them on record, begins with more, of which some transactions are
 * rolled back, and dies by `kill -9` while its requests are under way: some unanswered, some answered that very moment.
 */
export async function killMidDelivery(
  scene: FaultScene,
  rounds: number,
  mutant?: MutantName,
): Promise<Rounds> {
  const { receiver } = scene;
  await scene.subscribe();
  const attempted: string[] = [];
  let inFlight = 0;
  for (let round = 1; round <= rounds; round++) {
    receiver.answerBy(() => 204);
    const host = await scene.start({ mutant, delivery: { concurrencyPerSubscription: CONCURRENCY } });
    const done = orderIds(`done-${round}`, 6);
    await host.publish(done);
    await host.drain();
    const before = receiver.requests.length;
    receiver.hold();
    const more = orderIds(`open-${round}`, 30);
    const publishing = host.publish(more, { rollBack: more.filter((_, n) => n % EVERY_FIFTH === 0) });
    await receiver.arrived(before + CONCURRENCY);
    await publishing;
    receiver.answerHeld(204, round % CONCURRENCY);
    await host.kill();
    inFlight += receiver.requests.length - before;
    attempted.push(...done, ...more);
  }
  return { ...(await scene.aftermath(attempted, { aheadMs: AFTER_THE_LEASE_MS })), inFlight };
}
