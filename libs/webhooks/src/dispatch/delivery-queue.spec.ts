import type { Delivery } from './delivery.js';
import type { Endpoints, QueueLimits } from './delivery-queue.js';
import { DeliveryQueue } from './delivery-queue.js';

const LIMITS: QueueLimits = {
  concurrency: 4,
  concurrencyPerTenant: 4,
  concurrencyPerSubscription: 2,
  window: 40,
  windowBytes: 64 * 1024 * 1024,
};

/** `a` is the tenant of the subscription `a/1`. */
function deliveries(subscriptionId: string, count: number, from = 0): Delivery[] {
  return Array.from({ length: count }, (_, n) => {
    const tenant = subscriptionId.split('/')[0]!;
    return { id: `${subscriptionId}:${from + n}`, subscriptionId, tenant, event: { data: '{}' }, body: null };
  }) as unknown as Delivery[];
}

function replays(subscriptionId: string, count: number): Delivery[] {
  return deliveries(subscriptionId, count).map((delivery) => ({ ...delivery, isReplay: true }));
}

/** A queue whose attempts end when the test says so. */
class Bench {
  readonly begun: string[] = [];
  readonly queue: DeliveryQueue;
  private readonly ends = new Map<string, () => void>();
  private onBegun = (): void => undefined;

  constructor(limits: Partial<QueueLimits> = {}, endpoints: Partial<Endpoints> = {}) {
    const all = { capOf: () => 2, answers: () => true, ...endpoints };
    this.queue = new DeliveryQueue({ ...LIMITS, ...limits }, all);
    this.start();
  }

  start(): void {
    this.queue.start(({ id }) => {
      this.begun.push(id);
      this.onBegun();
      return new Promise((resolve) => this.ends.set(id, resolve));
    });
  }

  /** Resolves when so many have begun in all. */
  whenBegun(count: number): Promise<void> {
    return new Promise((resolve) => {
      this.onBegun = () => this.begun.length === count && resolve();
    });
  }

  /** Ends the attempts under way, the oldest first, so many of them. */
  async end(count = 1): Promise<void> {
    for (const [id, resolve] of [...this.ends].slice(0, count)) {
      this.ends.delete(id);
      resolve();
      await new Promise(setImmediate);
    }
  }

  async endAll(): Promise<void> {
    while (this.ends.size > 0) await this.end();
  }
}

describe('the queue of deliveries', () => {
  let bench: Bench;

  afterEach(() => bench.queue.stop());

  it('sends the deliveries of a subscription in their order, so many at a time', async () => {
    bench = new Bench();
    bench.queue.push(deliveries('a/1', 5));
    expect(bench.begun).toEqual(['a/1:0', 'a/1:1']);

    await bench.end();
    expect(bench.begun).toEqual(['a/1:0', 'a/1:1', 'a/1:2']);
    await bench.endAll();

    expect(bench.begun).toEqual(['a/1:0', 'a/1:1', 'a/1:2', 'a/1:3', 'a/1:4']);
    expect(bench.queue.isIdle).toBe(true);
  });

  it('lets the subscriptions take turns, whatever they have waiting', async () => {
    bench = new Bench({ concurrency: 1 });
    bench.queue.push(deliveries('big/1', 20));
    bench.queue.push([...deliveries('small/1', 2), ...deliveries('small/2', 2)]);

    await bench.endAll();

    expect(bench.begun.slice(0, 8)).toEqual([
      ...['big/1:0', 'big/1:1', 'small/1:0', 'small/2:0'],
      ...['big/1:2', 'small/1:1', 'small/2:1', 'big/1:3'],
    ]);
    expect(bench.begun).toHaveLength(24);
  });

  it('begins no more than there may be in all', async () => {
    bench = new Bench({ concurrency: 3 });
    for (let n = 0; n < 5; n++) bench.queue.push(deliveries(`${n}/1`, 1));
    expect(bench.begun).toEqual(['0/1:0', '1/1:0', '2/1:0']);

    await bench.end();

    expect(bench.begun.at(-1)).toBe('3/1:0');
  });

  it('begins no more than a tenant may have, and lets the others pass', async () => {
    bench = new Bench({ concurrencyPerTenant: 2 });
    for (let n = 0; n < 3; n++) bench.queue.push(deliveries(`a/${n}`, 1));
    bench.queue.push(deliveries('b/1', 1));
    expect(bench.begun).toEqual(['a/0:0', 'a/1:0', 'b/1:0']);

    await bench.end();

    expect(bench.begun.at(-1)).toBe('a/2:0');
  });

  it('asks anew what a subscription may have', async () => {
    let cap = 1;
    bench = new Bench({}, { capOf: () => cap });
    bench.queue.push(deliveries('a/1', 6));
    expect(bench.begun).toHaveLength(1);

    cap = 3;
    await bench.end();

    expect(bench.begun).toHaveLength(4);
  });

  it('goes on after an attempt that threw', async () => {
    bench = new Bench();
    bench.queue.stop();
    const begun: string[] = [];
    bench.queue.start(async ({ id }) => {
      begun.push(id);
      throw new Error('half-way');
    });

    bench.queue.push(deliveries('a/1', 3));
    await bench.queue.idle();

    expect(begun).toHaveLength(3);
  });

  it('has room for what the window leaves, and none while it is stopped', () => {
    bench = new Bench();
    bench.queue.push(deliveries('a/1', 10));
    expect([bench.queue.size, bench.queue.room]).toEqual([10, 30]);

    bench.queue.push(deliveries('a/2', 35));
    expect(bench.queue.room).toBe(0);
    bench.queue.stop();

    expect(bench.queue.room).toBe(0);
  });

  it('has no room when the events in memory are too large', () => {
    bench = new Bench({ windowBytes: 10 });
    bench.queue.push(deliveries('a/1', 5));

    expect(bench.queue.room).toBe(0);
  });

  it('gives a subscription a share of the window, the larger the fewer there are', () => {
    bench = new Bench();
    bench.queue.push(deliveries('a/1', 19));
    expect(bench.queue.roomOf('a/1')).toBe(1);
    bench.queue.push(deliveries('a/1', 1, 19));
    expect(['a/1', 'b/1'].map((id) => bench.queue.roomOf(id))).toEqual([0, 20]);

    bench.queue.push(deliveries('b/1', 10));

    expect([bench.queue.roomOf('b/1'), bench.queue.saturated('live')]).toEqual([3, ['a/1', 'b/1']]);
  });

  it('gives one that is not known to answer twice what may be under way, until it has answered', async () => {
    let answers = false;
    bench = new Bench({}, { answers: () => answers });
    expect(bench.queue.roomOf('a/1')).toBe(4);
    bench.queue.push(deliveries('a/1', 4));
    expect([bench.queue.roomOf('a/1'), bench.queue.saturated('live')]).toEqual([0, ['a/1']]);
    await bench.end(2);
    expect([bench.queue.saturated('live'), bench.queue.isLow('a/1', 'live')]).toEqual([[], true]);

    answers = true;

    expect(bench.queue.roomOf('a/1')).toBe(18);
  });

  it('has claims bring more once most of a subscription is done', async () => {
    bench = new Bench();
    bench.queue.push(deliveries('a/1', 12));
    expect([bench.queue.saturated('live'), bench.queue.isLow('a/1', 'live')]).toEqual([['a/1'], false]);

    for (let n = 0; n < 7; n++) await bench.end();

    expect([
      bench.queue.saturated('live'),
      bench.queue.isLow('a/1', 'live'),
      bench.queue.isLow('b/1', 'live'),
    ]).toEqual([[], true, true]);
  });

  it('has claims bring what is new beside what is replayed', async () => {
    bench = new Bench();
    bench.queue.push(replays('a/1', 12));

    expect([bench.queue.saturated('live'), bench.queue.saturated('replays')]).toEqual([[], ['a/1']]);
    expect([bench.queue.isLow('a/1', 'live'), bench.queue.isLow('a/1', 'replays')]).toEqual([true, false]);
  });

  it('has claims bring few replays at once, however much room there is', async () => {
    bench = new Bench({ window: 1_000 });
    bench.queue.push(replays('a/1', 33));
    expect(bench.queue.saturated('replays')).toEqual([]);
    bench.queue.push(replays('a/1', 1));
    expect(bench.queue.saturated('replays')).toEqual(['a/1']);

    const next = async (): Promise<void> => {
      const begun = bench.whenBegun(bench.begun.length + 1);
      await bench.end();
      await begun;
    };
    while (bench.begun.length < 17) await next();
    expect(bench.queue.isLow('a/1', 'replays')).toBe(false);
    await next();

    expect([bench.queue.saturated('replays'), bench.queue.isLow('a/1', 'replays')]).toEqual([[], true]);
  });

  it('begins replays one after the other, whoever they are for, and what is new at once', async () => {
    const MANY = { concurrency: 100, concurrencyPerTenant: 100 };
    bench = new Bench(MANY, { capOf: () => 100 });
    const whenBegun = bench.whenBegun(42);
    bench.queue.push([...replays('a/1', 20), ...replays('b/1', 20)]);
    const first = bench.begun.length;
    expect(first).toBeLessThan(40);

    bench.queue.push([...deliveries('a/1', 1, 100), ...deliveries('c/1', 1)]);

    expect(bench.begun.slice(first)).toEqual(expect.arrayContaining(['a/1:100', 'c/1:0']));
    await whenBegun;
    await bench.endAll();
    expect(bench.queue.isIdle).toBe(true);
  });

  it('begins no replay after stop', async () => {
    bench = new Bench({ concurrency: 100, concurrencyPerTenant: 100 }, { capOf: () => 100 });
    bench.queue.push(replays('a/1', 20));
    bench.queue.stop();
    const begun = bench.begun.length;

    await bench.endAll();
    bench.queue.push(replays('b/1', 1));

    expect(bench.begun).toHaveLength(begun);
    expect(bench.queue.isIdle).toBe(true);
  });

  it('begins nothing after stop, gives back what waits, and is idle when the rest is done', async () => {
    bench = new Bench();
    bench.queue.push(deliveries('a/1', 5));
    bench.queue.stop();

    const rest = bench.queue.takeWaiting();
    const idle = bench.queue.idle().then(() => 'idle');
    expect(rest.map(({ id }) => id)).toEqual(['a/1:2', 'a/1:3', 'a/1:4']);
    await bench.endAll();

    expect(await idle).toBe('idle');
    expect([bench.begun.length, bench.queue.size]).toEqual([2, 0]);
  });

  it('counts what waits before it is started', () => {
    bench = new Bench();
    bench.queue.stop();
    bench.queue.push(deliveries('a/1', 3));
    expect([bench.begun.length, bench.queue.size, bench.queue.isIdle]).toEqual([0, 3, true]);

    bench.start();

    expect(bench.begun).toHaveLength(2);
  });

  it('drops what has not begun of those that are named', async () => {
    bench = new Bench();
    bench.queue.push([...deliveries('a/1', 4), ...deliveries('b/1', 3)]);

    bench.queue.drop(({ id }) => ['a/1:0', 'a/1:3', 'b/1:2'].includes(id));

    expect(bench.queue.size).toBe(5);
    await bench.endAll();
    expect(bench.begun.sort()).toEqual(['a/1:0', 'a/1:1', 'a/1:2', 'b/1:0', 'b/1:1']);
    expect(bench.queue.isIdle).toBe(true);
  });
});
