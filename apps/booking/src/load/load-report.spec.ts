import { faultsOf, percentile, reportOf, tableOf } from './load-report.js';

const MANNER = { name: 'slow', about: 'takes 50 ms', delayMs: 50, failsOneOf: 0 };
const COUNTS = { retried: 2, failed: 3, repeated: 0 };

function receiver(taken: Record<string, number>) {
  return { manner: MANNER, taken: new Map(Object.entries(taken)), ...COUNTS };
}

const acknowledged = new Map([
  ['OrderCreated A', 100],
  ['OrderCreated B', 200],
  ['OrderTicketed A', 300],
]);

describe('the report on a load', () => {
  it('counts what was delivered, how long it took, and what got lost', () => {
    const report = reportOf(receiver({ 'OrderCreated B': 199, 'OrderCreated A': 1_350 }), { acknowledged });
    expect(report).toMatchObject({
      events: 3,
      delivered: 2,
      lost: ['OrderTicketed A'],
      latencies: [0, 1_250],
    });
  });

  it('finds a fault in what was acknowledged and got lost, and in what was refused', () => {
    const lossy = reportOf(receiver({ 'OrderCreated A': 101 }), { acknowledged });
    expect(faultsOf({ refused: 1_000, refusal: new Error('no room') }, [lossy])).toEqual([
      '1,000 orders failed, the first with: Error: no room',
      '2 events were acknowledged and never arrived at "slow": OrderCreated B, OrderTicketed A',
    ]);
  });

  it('finds none when everything has arrived', () => {
    const taken = { 'OrderCreated A': 101, 'OrderCreated B': 201, 'OrderTicketed A': 301 };
    expect(faultsOf({ refused: 0, refusal: null }, [reportOf(receiver(taken), { acknowledged })])).toEqual(
      [],
    );
  });

  it('is a table whose columns stand under each other', () => {
    const full = reportOf(receiver({ 'OrderCreated A': 1_350 }), { acknowledged });
    const nothing = reportOf(receiver({}), { acknowledged });
    expect(tableOf([full, nothing])).toEqual([
      'receiver  events  delivered  retried  failed  repeated  lost  p50 ms  p95 ms  p99 ms  max ms',
      'slow           3          1        2       3         0     2   1,250   1,250   1,250   1,250',
      'slow           3          0        2       3         0     3       –       –       –       –',
    ]);
  });

  it.each([
    [[], 0.5, null],
    [[7], 0.99, 7],
    [[1, 2, 3, 4], 0.5, 2],
    [[1, 2, 3, 4], 0.95, 4],
  ])('says of %j that %d lie below %s', (sorted, share, value) => {
    expect(percentile(sorted, share)).toBe(value);
  });
});
