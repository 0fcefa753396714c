import { EventEmitter2, EventEmitterModule } from '@nestjs/event-emitter';
import { describeDatabases } from '../../support/databases.js';
import type { Host } from '../../support/host.js';
import { partOf } from '../../support/internals.js';
import { useStage } from '../../support/stage.js';
import { CLEAN, OrderBook, orders } from '../receivers/order-book.js';

const ORDERS = orders(3);
/**
 * Longer than a round takes on a slow machine: nobody has its next failure before the others have had theirs. And of what is
 * stopped half-way no lease runs out within three of them.
 */
const RETRY_MS = 10_000;
const BLOCKED_MS = 300;
/** After the first one: each of the three fails four times. */
const FAILURES = Array.from({ length: 11 }, () => 500);

function block(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BLOCKED_MS);
}

const LISTENERS: Readonly<Record<string, () => unknown>> = {
  throws: () => {
    throw new Error('alarm is broken');
  },
  'throws undefined': () => {
    throw undefined;
  },
  'throws later': async () => {
    await Promise.resolve();
    throw new Error('alarm is broken');
  },
  'blocks the event loop': block,
  'blocks the event loop and then throws': () => {
    block();
    throw new Error('alarm is broken');
  },
  'never resolves': () => new Promise(() => undefined),
  'gives what is never resolved': () => ({ then: () => undefined }),
};

interface Lifecycle {
  tell(name: string, event: object): void;
  hostEmitter(): EventEmitter2;
}

describeDatabases('a lifecycle listener', (database) => {
  const stage = useStage(database);

  /** Deliveries that fail four times and then succeed, and a subscription that is disabled and enabled meanwhile. */
  const play = async (
    listener: () => unknown,
    prepare: (host: Host) => void = () => undefined,
  ): Promise<number> => {
    const retrySchedule = Array.from({ length: 6 }, () => RETRY_MS);
    const host = await stage.host({
      imports: [EventEmitterModule.forRoot({ wildcard: true })],
      webhooks: { delivery: { retrySchedule }, health: { failureThreshold: 1_000 } },
    });
    let told = 0;
    host.get(EventEmitter2).on('webhooks.**', () => {
      told++;
      return listener();
    });
    prepare(host);
    const book = new OrderBook(host);
    stage.receiver.answer('/hook', 500, ...FAILURES, 204);
    await stage.subscribe(host);
    const { id } = await stage.subscribe(host, { url: stage.receiver.url('/other') });
    await book.commit(...ORDERS);
    await Promise.allSettled([host.subscriptions.disable(id)]);
    for (let attempt = 0; attempt < 6; attempt++) {
      await host.webhooks.drain();
      host.clock.advance(1.3 * RETRY_MS);
    }
    // Listeners are told after the work.
    await new Promise(setImmediate);
    verdict = await book.verdict(stage.receiver);
    return told;
  };
  let verdict: typeof CLEAN;

  it.each(Object.entries(LISTENERS))('that %s changes nothing', async (_how, listener) => {
    const told = await play(listener);

    expect(verdict).toEqual(CLEAN);
    // Three are failing and recover; one subscription is disabled.
    expect(told).toBe(7);
  });

  it('that throws stops deliveries half-way, were it told in the middle of the work', async () => {
    await play(LISTENERS['throws']!, (host) => {
      const lifecycle = partOf<Lifecycle>(host, 'Lifecycle');
      lifecycle.tell = (name, event) => void lifecycle.hostEmitter().emit(name, event);
    });

    expect(verdict.lost).toEqual(ORDERS);
  });
});
