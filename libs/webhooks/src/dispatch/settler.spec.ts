import { jest } from '@jest/globals';
import type { ClosingResult, EventClosing, Settlement, Subject } from './delivery.js';
import type { SubscriptionHealth } from './health.js';
import { HEALTHY } from './health.js';
import type { SettleBatch } from './settler.js';
import { Settler } from './settler.js';

const settlement = (n: number): Settlement =>
  ({ delivery: { id: `dlv_${n}` }, state: 'succeeded' }) as Settlement;
const closing = (n: number): EventClosing => ({ eventId: `evt_${n}`, fence: 1, subscriptionsVersion: 1 });
const SUBJECT: Subject = { tenant: 'a', subject: 'order:A' };
const ILL: SubscriptionHealth = { version: 1, state: { ...HEALTHY, failures: 1, failingSince: 1 } };

describe('the settler', () => {
  let batches: SettleBatch[];
  let closed: [string, ClosingResult][];
  let released: boolean[];
  let failures: number;
  let waits: (() => void)[] | undefined;
  let settler: Settler;
  let log: string[];
  let takesMs: number;

  beforeEach(() => {
    jest.useFakeTimers();
    [batches, closed, released, failures, waits, log, takesMs] = [[], [], [], 0, undefined, [], 0];
    const settle = async (batch: SettleBatch) => {
      batches.push(batch);
      if (waits) await new Promise<void>((resolve) => waits!.push(resolve));
      if (takesMs > 0) await new Promise((resolve) => setTimeout(resolve, takesMs));
      if (failures-- > 0) throw new Error('no database');
      return { closings: batch.closings.map(() => 'closed' as const), released: batch.subjects.length > 0 };
    };
    settler = new Settler(
      { settle },
      {
        closed: ({ eventId }, result) => closed.push([eventId, result]),
        settled: (_settlements, any) => released.push(any),
        failed: (error, waiting) => log.push(`${String(error)} ${waiting}`),
        refused: ({ delivery }, _error, givenUp) => log.push(`${delivery.id} ${givenUp}`),
      },
    );
  });
  afterEach(() => jest.useRealTimers());

  const sizes = (): number[] =>
    batches.map(({ settlements, closings }) => settlements.length + closings.length);

  it('writes together what two milliseconds bring', async () => {
    settler.settle(settlement(1));
    settler.settle(settlement(2));
    await jest.advanceTimersByTimeAsync(1);
    settler.close(closing(1));
    expect(batches).toHaveLength(0);

    await jest.advanceTimersByTimeAsync(1);

    expect(batches).toHaveLength(1);
    expect(batches[0]!.settlements.map(({ delivery }) => delivery.id)).toEqual(['dlv_1', 'dlv_2']);
    expect(closed).toEqual([['evt_1', 'closed']]);
    expect(settler.pending).toBe(0);
  });

  it('writes 200 at once, without waiting', async () => {
    for (let n = 0; n < 450; n++) settler.settle(settlement(n));

    await jest.advanceTimersByTimeAsync(0);
    expect(sizes()).toEqual([200, 200]);
    await jest.advanceTimersByTimeAsync(20);

    expect(sizes()).toEqual([200, 200, 50]);
    expect(batches.flatMap(({ settlements }) => settlements.map(({ delivery }) => delivery.id))).toEqual(
      Array.from({ length: 450 }, (_, n) => `dlv_${n}`),
    );
  });

  it('writes a steady stream every twenty milliseconds', async () => {
    for (let n = 0; n < 120; n++) {
      settler.settle(settlement(n));
      if (n % 2 === 1) await jest.advanceTimersByTimeAsync(1);
    }
    await jest.advanceTimersByTimeAsync(20);

    expect(batches).toHaveLength(4);
    expect(sizes().reduce((sum, size) => sum + size)).toBe(120);
  });

  it.each([
    [1, 20],
    [10, 100],
    [60, 250],
  ])(
    'lets ten times as long go by as a write takes, within bounds: %d ms, then %d ms',
    async (took, every) => {
      takesMs = took;
      const began: number[] = [];
      for (let ms = 0; batches.length < 4; ms++) {
        if (ms % 5 === 0) settler.settle(settlement(ms));
        await jest.advanceTimersByTimeAsync(1);
        if (batches.length > began.length) began.push(ms);
      }

      expect(began[3]! - began[2]!).toBe(every);
    },
  );

  it('keeps none waiting for company for more than a quarter of a second', async () => {
    takesMs = 100;
    settler.settle(settlement(1));
    await jest.advanceTimersByTimeAsync(102);
    settler.settle(settlement(2));
    await jest.advanceTimersByTimeAsync(149);
    expect(sizes()).toEqual([1]);

    await jest.advanceTimersByTimeAsync(1);

    expect(sizes()).toEqual([1, 1]);
  });

  it('does not keep the next of a subject waiting for the stream', async () => {
    settler.settle(settlement(1));
    await jest.advanceTimersByTimeAsync(2);
    settler.settle(settlement(2));
    settler.settle(settlement(3), SUBJECT);
    await jest.advanceTimersByTimeAsync(2);

    expect(sizes()).toEqual([1, 2]);
  });

  it('writes one batch at a time', async () => {
    waits = [];
    settler.settle(settlement(1));
    await jest.advanceTimersByTimeAsync(2);
    settler.settle(settlement(2));
    await jest.advanceTimersByTimeAsync(300);
    expect([batches.length, settler.pending]).toEqual([1, 2]);

    const first = waits;
    waits = undefined;
    first[0]!();
    await jest.advanceTimersByTimeAsync(2);

    expect([batches.length, settler.pending]).toEqual([2, 0]);
  });

  it('never closes an event before its deliveries are on record', async () => {
    for (let n = 0; n < 199; n++) settler.settle(settlement(n));
    settler.settle(settlement(199));
    settler.close(closing(1));
    failures = 1;

    await jest.advanceTimersByTimeAsync(2_000);

    const withClosing = batches.findIndex(({ closings }) => closings.length > 0);
    const written = batches.slice(0, withClosing + 1).flatMap(({ settlements }) => settlements);
    expect(new Set(written.map(({ delivery }) => delivery.id)).size).toBe(200);
    expect(closed).toEqual([['evt_1', 'closed']]);
  });

  it('tries again after a second when a write failed, and loses nothing', async () => {
    failures = 2;
    settler.settle(settlement(1), SUBJECT);
    settler.close(closing(1));
    settler.note('sub_1', ILL);
    await jest.advanceTimersByTimeAsync(2);
    expect([log, closed, settler.pending]).toEqual([['Error: no database 2'], [], 3]);
    settler.note('sub_2', ILL);

    await jest.advanceTimersByTimeAsync(3_000);

    expect(log).toHaveLength(2);
    expect(batches).toHaveLength(3);
    expect(batches[2]!.settlements.map(({ delivery }) => delivery.id)).toEqual(['dlv_1']);
    expect([...batches[2]!.health.keys()]).toEqual(['sub_1', 'sub_2']);
    expect(batches[2]!.subjects).toEqual([SUBJECT]);
    expect(closed).toEqual([['evt_1', 'closed']]);
  });

  it('keeps the newest health when an older one could not be written', async () => {
    failures = 1;
    settler.note('sub_1', ILL);
    settler.settle(settlement(1));
    await jest.advanceTimersByTimeAsync(2);
    settler.note('sub_1', { version: 1, state: HEALTHY });

    await jest.advanceTimersByTimeAsync(2_000);

    expect(batches.at(-1)!.health.get('sub_1')!.state).toBe(HEALTHY);
  });

  it('names each subject once, and tells when something was released', async () => {
    settler.settle(settlement(1), SUBJECT);
    settler.settle(settlement(2), { ...SUBJECT });
    settler.close(closing(1), { ...SUBJECT, tenant: 'b' });
    await settler.flushed();
    settler.settle(settlement(3));
    await settler.flushed();

    expect(batches.map(({ subjects }) => subjects)).toEqual([[SUBJECT, { ...SUBJECT, tenant: 'b' }], []]);
    expect(released).toEqual([true, false]);
  });

  it('is flushed when everything is on record', async () => {
    for (let n = 0; n < 300; n++) settler.settle(settlement(n));

    await settler.flushed();

    expect([sizes().reduce((sum, size) => sum + size), settler.pending]).toEqual([300, 0]);
  });
});
