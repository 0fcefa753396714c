import { RecordRefusedError } from '../errors/record-refused-error.js';
import type { Attempt, Settlement } from './delivery.js';
import { HEALTHY } from './health.js';
import type { SettleBatch, SettleResult } from './settler.js';
import { Settler } from './settler.js';

const POISON = 'what the database refuses';

function settlement(n: number, responseBody = '', over: Partial<Settlement> = {}): Settlement {
  const attempt = { number: 1, error: 'HTTP_STATUS', status: 500, responseBody, request: '{"url":"x"}' };
  return {
    delivery: { id: `dlv_${n}`, fence: null, event: { id: `evt_${n}` } },
    state: 'pending',
    retryInMs: 5_000,
    step: 1,
    attempt: attempt as Attempt,
    body: `body ${n}`,
    ...over,
  } as Settlement;
}

const isPoisonous = ({ attempt }: Settlement): boolean => attempt?.responseBody === POISON;

/** A database that refuses some of what it is given, and is away now and then. */
class FussyStore {
  readonly recorded: Settlement[] = [];
  readonly closed: string[] = [];
  readonly health: string[] = [];
  writes = 0;
  awayAt = 0;

  constructor(private readonly refuses: (batch: SettleBatch) => boolean) {}

  async settle(batch: SettleBatch): Promise<SettleResult> {
    if (++this.writes === this.awayAt) throw new Error('no database');
    if (this.refuses(batch)) throw new RecordRefusedError({ cause: 'a trigger' });
    this.recorded.push(...batch.settlements);
    this.closed.push(...batch.closings.map(({ eventId }) => eventId));
    this.health.push(...batch.health.keys());
    return { closings: batch.closings.map(() => 'closed'), released: false };
  }
}

function play(refuses: (batch: SettleBatch) => boolean) {
  const store = new FussyStore(refuses);
  const refused: string[] = [];
  const failed: unknown[] = [];
  const settler = new Settler(store, {
    closed: () => undefined,
    settled: () => undefined,
    failed: (error) => failed.push(error),
    refused: ({ delivery }, _error, givenUp) => refused.push(`${delivery.id}${givenUp ? ' given up' : ''}`),
  });
  const idsOnRecord = (): string[] => store.recorded.map(({ delivery }) => delivery.id);
  return { store, settler, refused, failed, idsOnRecord };
}

describe('an outcome that the database refuses', () => {
  const refusesTexts = ({ settlements }: SettleBatch): boolean => settlements.some(isPoisonous);

  it('does not keep the others of its batch from being recorded, in their order', async () => {
    const { store, settler, refused, failed, idsOnRecord } = play(refusesTexts);
    for (let n = 0; n < 150; n++) settler.settle(settlement(n, n === 77 ? POISON : ''));

    await settler.flushed();

    expect(idsOnRecord()).toEqual(Array.from({ length: 150 }, (_, n) => `dlv_${n}`));
    expect([refused, failed, settler.pending]).toEqual([['dlv_77'], [], 0]);
    expect(store.writes).toBeLessThan(20);
  });

  it('is recorded without the texts: state, schedule and number stay, the body is rendered anew', async () => {
    const { store, settler } = play(refusesTexts);
    settler.settle(settlement(1, POISON));

    await settler.flushed();

    const [{ state, retryInMs, step, body, attempt }] = store.recorded as [Settlement];
    expect([state, retryInMs, step, body]).toEqual(['pending', 5_000, 1, '']);
    expect(attempt).toMatchObject({ number: 1, status: 500, error: 'RECORD_REFUSED', request: '{}' });
    expect(attempt).toMatchObject({ responseBody: null, detail: expect.stringContaining('RECORD_REFUSED') });
  });

  it('stays a success if it was one', async () => {
    const { store, settler } = play(refusesTexts);
    const attempt = { ...settlement(1, POISON).attempt!, error: null, status: 204 };
    settler.settle(settlement(1, '', { state: 'succeeded', retryInMs: null, body: null, attempt }));

    await settler.flushed();

    expect(store.recorded).toMatchObject([{ state: 'succeeded', body: null, attempt: { error: null } }]);
  });

  it('is given up when it is refused also without its texts, and its event stays open', async () => {
    const { store, settler, refused, idsOnRecord } = play(({ settlements }) =>
      settlements.some(({ delivery }) => delivery.id === 'dlv_1'),
    );
    for (const n of [0, 1, 2]) {
      settler.settle(settlement(n));
      settler.close({ eventId: `evt_${n}`, fence: 1, subscriptionsVersion: 1 });
    }

    await settler.flushed();

    expect([idsOnRecord(), store.closed]).toEqual([
      ['dlv_0', 'dlv_2'],
      ['evt_0', 'evt_2'],
    ]);
    expect([refused, settler.pending]).toEqual([['dlv_1', 'dlv_1 given up'], 0]);
  });

  it('is not blamed for the health that was written with it', async () => {
    const { store, settler, refused } = play(({ health }) => health.size > 0);
    settler.settle(settlement(1));
    settler.note('sub_1', { version: 1, state: HEALTHY });

    await settler.flushed();

    expect(store.recorded).toEqual([settlement(1)]);
    expect([refused, store.health]).toEqual([[], []]);
  });

  it('and the rest of its batch survive that the database goes away in the middle', async () => {
    const { store, settler, failed, idsOnRecord } = play(refusesTexts);
    store.awayAt = 4;
    for (let n = 0; n < 20; n++) settler.settle(settlement(n, n === 3 ? POISON : ''));

    await settler.flushed();

    expect(failed).toHaveLength(1);
    expect(idsOnRecord()).toEqual(Array.from({ length: 20 }, (_, n) => `dlv_${n}`));
  });
});
