import type { DeliveryOptions } from 'nestjs-webhooks';
import type { FaultHost, MutantName } from '../support/fault-host.js';
import type { FaultScene } from '../support/fault-scene.js';
import { orderIds } from '../support/fault-scene.js';

const UNDER_WAY = 4;
const EVERY_FIFTH = 5;

/** What rounds of a fault leave behind. */
export interface Rounds {
  readonly steady: FaultHost;
  readonly attempted: readonly string[];
  /** Requests whose outcome could not be on record when their process died. */
  readonly inFlight: number;
}

/**
 * Two replicas publish and send. In each round one of them is killed by `kill -9` in the midst of it, some of its requests
 * unanswered and some answered that very moment, and a new one takes its place. The other one goes on.
 */
export async function killRepeatedly(
  scene: FaultScene,
  rounds: number,
  { delivery = {}, mutant }: { delivery?: DeliveryOptions; mutant?: MutantName } = {},
): Promise<Rounds> {
  const { receiver } = scene;
  await scene.subscribe();
  const steady = await scene.start({ name: 'steady', delivery });
  const attempted: string[] = [];
  let inFlight = 0;
  for (let round = 1; round <= rounds; round++) {
    receiver.answerBy(() => 204);
    const victim = await scene.start({ name: 'victim', mutant, delivery });
    const done = orderIds(`done-${round}`, 6);
    await victim.publish(done);
    await victim.drain();
    const before = receiver.from('victim').length;
    receiver.answerBy(({ sender }) => (sender === 'victim' ? 'hold' : 204));
    const mine = orderIds(`victim-${round}`, 20);
    const others = orderIds(`steady-${round}`, 20);
    const rollBack = [...mine, ...others].filter((_, n) => n % EVERY_FIFTH === 0);
    const publishing = steady.publish(others, { rollBack });
    await victim.publish(mine, { rollBack });
    await receiver.until(() => receiver.from('victim').length >= before + UNDER_WAY);
    receiver.answerHeld(204, round % UNDER_WAY);
    await victim.kill();
    await publishing;
    inFlight += receiver.from('victim').length - before;
    attempted.push(...done, ...mine, ...others);
  }
  receiver.answerBy(() => 204);
  return { steady, attempted, inFlight };
}
