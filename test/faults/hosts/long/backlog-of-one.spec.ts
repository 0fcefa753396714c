import { WebhookReceiver } from 'nestjs-webhooks/testing';
import { insertBacklog } from '../../../support/bulk-rows.js';
import { describeDatabases } from '../../../support/databases.js';
import type { Host } from '../../../support/host.js';
import { partOf } from '../../../support/internals.js';
import { useStage } from '../../../support/stage.js';
import { CLEAN, OrderBook, orders } from '../../receivers/order-book.js';

const BACKLOG = 10_000;
const HEALTHY = ['/1', '/2', '/3', '/4', '/5'];
const BATCHES = 10;
const ORDERS = orders(500);
/** To an endpoint of which nothing is known. */
const AT_ONCE = 2;
const WINDOW = 2_000;

interface Queue {
  readonly size: number;
  saturated: () => string[];
  within: (share: number) => number;
}

describeDatabases('one endpoint that hangs, with 10,000 waiting for it,', (database) => {
  const stage = useStage(database);
  let dead: WebhookReceiver;

  beforeEach(async () => {
    dead = await WebhookReceiver.start();
    dead.answer('*', { kind: 'hang' });
  });
  // What hangs ends with its receiver: the host need not wait for it.
  afterEach(() => dead.close());

  const queueOf = (host: Host): Queue =>
    partOf<{ engine: { queue: Queue } }>(host, 'Dispatcher').engine.queue;

  const begin = async (): Promise<Host> => {
    const office = await stage.host({ webhooks: { dispatch: false } });
    const { id } = await stage.subscribe(office, { url: dead.url('/hook') });
    for (const path of HEALTHY) await stage.subscribe(office, { url: stage.receiver.url(path) });
    await insertBacklog(office, { count: BACKLOG, subscriptionIds: [id], dueIn: '-1000' });
    return stage.host({ webhooks: { delivery: { drainTimeout: 20 } } });
  };

  /** Commits orders; gives the most that was in hand until all had come to the healthy ones, or deadlines had to pass. */
  const press = async (host: Host): Promise<{ book: OrderBook; most: number; deadlinesPassed: boolean }> => {
    const book = new OrderBook(host);
    const queue = queueOf(host);
    await dead.waitFor(AT_ONCE);
    await book.takeBack('R');
    for (let n = 0; n < BATCHES; n++)
      await book.commit(...ORDERS.filter((_, index) => index % BATCHES === n));
    let most = 0;
    await new Promise<void>((resolve) => {
      const look = (): void => {
        most = Math.max(most, queue.size);
        const isDone = stage.receiver.requests.length >= ORDERS.length * HEALTHY.length;
        if (isDone || dead.requests.length > AT_ONCE) resolve();
      };
      for (const each of [stage.receiver, dead]) each.onRequest(look);
      look();
    });
    return { book, most, deadlinesPassed: dead.requests.length > AT_ONCE };
  };

  it('keeps nothing from five others, and what is in memory stays bounded', async () => {
    const { book, most, deadlinesPassed } = await press(await begin());

    for (const path of HEALTHY) expect(await book.verdict(stage.receiver, path)).toEqual(CLEAN);
    expect(deadlinesPassed).toBe(false);
    expect(most).toBeLessThanOrEqual(WINDOW);
  });

  it('keeps them waiting for its deadlines, were its share of the window not bounded', async () => {
    const host = await begin();
    Object.assign(queueOf(host), { saturated: () => [], within: () => Infinity });

    const { deadlinesPassed } = await press(host);

    expect(deadlinesPassed).toBe(true);
    expect(stage.receiver.requests.length).toBeLessThan(ORDERS.length * HEALTHY.length);
  });
});
