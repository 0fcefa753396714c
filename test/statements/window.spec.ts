import { insertBacklog } from '../support/bulk-rows.js';
import { describeDatabases } from '../support/databases.js';
import { partOf } from '../support/internals.js';
import { OrderCreated } from '../support/order-events.js';
import type { Racer } from '../support/race.js';
import { useRace } from '../support/race.js';

const OPEN_ROWS = 100_000;
const WINDOW = 100;
const LOOK_MS = 1_000;
const LOOKS = 20;
const SUBSCRIPTIONS = 20;
const LARGE = 10_000;
const WINDOW_BYTES = 400 * LARGE;

interface Queue {
  readonly size: number;
  push(deliveries: readonly { readonly event: { readonly data: string } }[]): void;
}

/** The most that was ever in hand, of deliveries and of their events' characters. */
interface Peak {
  deliveries: number;
  characters: number;
}

// What a process holds grows only in push(); with a receiver that hangs nothing is ever done.
function watch(host: Racer): Peak {
  const { queue } = partOf<{ engine: { queue: Queue } }>(host, 'Dispatcher').engine;
  const peak: Peak = { deliveries: 0, characters: 0 };
  const push = queue.push.bind(queue);
  queue.push = (deliveries) => {
    push(deliveries);
    peak.deliveries = Math.max(peak.deliveries, queue.size);
    peak.characters += deliveries.reduce((sum, { event }) => sum + event.data.length, 0);
  };
  return peak;
}

async function lookOften(host: Racer): Promise<void> {
  for (let looks = 0; looks < LOOKS; looks++) {
    host.clock.advance(LOOK_MS);
    // What was committed is taken over in the next turn of the event loop.
    await new Promise(setImmediate);
    await host.tap.idle();
  }
}

describeDatabases('with a receiver that hangs, the window', (database) => {
  const race = useRace(database);

  async function hostWith(delivery: { window?: number; windowBytes?: number }, subscriptions: number) {
    const host = await race.host({ webhooks: { delivery: { sweepInterval: LOOK_MS, ...delivery } } });
    const made = [];
    for (let n = 0; n < subscriptions; n++)
      made.push(await race.stage.subscribe(host, { url: race.receiver.url(`/${n}`) }));
    return { host, peak: watch(host), subscriptionIds: made.map(({ id }) => id) };
  }

  it('holds no more than fit of 100,000 due rows of all kinds', async () => {
    const { host, peak, subscriptionIds } = await hostWith({ window: WINDOW }, SUBSCRIPTIONS);
    await insertBacklog(host, { count: OPEN_ROWS, subscriptionIds, dueIn: '-n', priority: 'n % 3' });
    await lookOften(host);

    expect(peak.deliveries).toBeGreaterThan(WINDOW / 2);
    expect(peak.deliveries).toBeLessThanOrEqual(WINDOW);
    expect(await host.count('deliveries', 'fence > 0')).toBeLessThanOrEqual(WINDOW);
  });

  it('holds no more than fit of the subscriptions of one event', async () => {
    const { host, peak } = await hostWith({ window: WINDOW }, 2 * WINDOW);
    await host.webhooks.publish(OrderCreated.of('A'));
    await lookOften(host);

    expect(await host.count('deliveries')).toBe(2 * WINDOW);
    expect(peak.deliveries).toBeGreaterThan(WINDOW / 2);
    expect(peak.deliveries).toBeLessThanOrEqual(WINDOW);
  });

  it('holds no more than fit of what is published while it looks', async () => {
    const { host, peak, subscriptionIds } = await hostWith({ window: WINDOW }, 2);
    await insertBacklog(host, { count: 1_000, subscriptionIds, dueIn: '-n' });
    const claim = host.tap.hold(/due_at \+ \$3|SET due_at = .* \+ \$3/);
    host.clock.advance(LOOK_MS);
    await claim.reached;
    for (let n = 0; n < WINDOW; n++) await host.webhooks.publish(OrderCreated.of(`order-${n}`));
    claim.open();
    await lookOften(host);

    expect(peak.deliveries).toBeGreaterThan(WINDOW / 2);
    expect(peak.deliveries).toBeLessThanOrEqual(WINDOW);
  });

  it('holds no more characters than fit', async () => {
    const { host, peak, subscriptionIds } = await hostWith({ windowBytes: WINDOW_BYTES }, SUBSCRIPTIONS);
    const zeros = database.name === 'sqlite' ? `printf('%0${LARGE}d', n)` : `lpad(n::text, ${LARGE}, '0')`;
    const data = `'{"total":1,"pnr":null,"order_id":"' || ${zeros} || '"}'`;
    await insertBacklog(host, { count: 2_000, subscriptionIds, dueIn: '-n', data });
    await lookOften(host);

    expect(peak.characters).toBeGreaterThan(WINDOW_BYTES / 2);
    expect(peak.characters).toBeLessThanOrEqual(WINDOW_BYTES);
  });
});
