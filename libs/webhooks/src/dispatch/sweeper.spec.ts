import { TestClock } from 'nestjs-webhooks/testing';
import type { SweepResult } from './sweeper.js';
import { Sweeper } from './sweeper.js';

const NOTHING: SweepResult = { found: 0, nextDueInMs: null };
const INTERVAL = 60_000;

/** Looks that a test ends when it likes. */
class Looks {
  count = 0;
  result = NOTHING;
  /** What the first look brings, if not the same as the others. */
  first: SweepResult | undefined;
  private waiting: (() => void)[] = [];
  held = false;

  readonly look = async (): Promise<SweepResult> => {
    this.count++;
    if (this.held) await new Promise<void>((resolve) => this.waiting.push(resolve));
    return this.count === 1 ? (this.first ?? this.result) : this.result;
  };

  finish(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the sweeper', () => {
  let clock: TestClock;
  let looks: Looks;
  let sweeper: Sweeper;

  beforeEach(() => {
    clock = new TestClock();
    looks = new Looks();
    sweeper = new Sweeper(clock, INTERVAL, looks.look);
  });
  afterEach(() => sweeper.stop());

  const after = async (ms: number): Promise<number> => {
    clock.advance(ms);
    await settled();
    return looks.count;
  };

  it('looks at once, and then every interval', async () => {
    sweeper.start();
    await settled();

    expect([
      looks.count,
      await after(INTERVAL / 2),
      await after(INTERVAL / 2),
      await after(INTERVAL),
    ]).toEqual([1, 1, 2, 3]);
  });

  it.each([
    [20_000, 20_000],
    [600_000, INTERVAL],
    [null, INTERVAL],
    [-5, 0],
  ])(
    'looks when the next row falls due, at most an interval later: due in %p, looks in %d',
    async (due, wait) => {
      looks.first = { found: 1, nextDueInMs: due };
      sweeper.start();
      await settled();

      if (wait > 0) expect(await after(wait - 10_000)).toBe(1);
      expect(await after(10_100)).toBe(2);
    },
  );

  it('looks when something was expected', async () => {
    sweeper.start();
    await settled();
    sweeper.expect(30_000);
    sweeper.expect(20_000);
    sweeper.expect(40_000);

    expect([await after(10_000), await after(10_100)]).toEqual([1, 2]);
  });

  it('remembers what was expected during a look', async () => {
    looks.held = true;
    sweeper.start();
    sweeper.expect(20_000);
    sweeper.expect(86_400_000);
    looks.held = false;
    looks.finish();
    await settled();

    expect([await after(10_000), await after(10_100)]).toEqual([1, 2]);
  });

  it('looks at once when woken', async () => {
    sweeper.start();
    await settled();

    sweeper.wake();
    await settled();

    expect(looks.count).toBe(2);
  });

  it('never looks twice at a time: woken during a look, it looks once more afterwards', async () => {
    looks.held = true;
    sweeper.start();
    for (let n = 0; n < 5; n++) sweeper.wake();
    expect(looks.count).toBe(1);

    looks.held = false;
    looks.finish();
    await settled();

    expect(await after(1)).toBe(2);
    expect(await after(1)).toBe(2);
  });

  it('sweeps anew after a look under way, which may have missed something', async () => {
    looks.held = true;
    sweeper.start();
    const sweep = sweeper.sweepAnew();
    looks.held = false;
    looks.result = { found: 7, nextDueInMs: null };
    looks.finish();

    expect(await sweep).toMatchObject({ found: 7 });
    expect(looks.count).toBe(2);
  });

  it('goes on after a look that failed', async () => {
    let fails = true;
    const failing = new Sweeper(clock, INTERVAL, async () => {
      if (fails) throw new Error('no database');
      return looks.look();
    });
    failing.start();
    await settled();
    fails = false;

    expect(await after(INTERVAL)).toBe(1);
    await failing.stop();
  });

  it('stops when the look under way is over, and does not look again', async () => {
    looks.held = true;
    sweeper.start();
    let stopped = false;
    const stopping = sweeper.stop().then(() => (stopped = true));
    await settled();
    expect(stopped).toBe(false);
    looks.finish();
    await stopping;

    sweeper.wake();
    sweeper.expect(10);

    expect(await after(10 * INTERVAL)).toBe(1);
  });

  it.each(['wake', 'expect'] as const)('hears, in the very moment in which a look ends: %s', async (how) => {
    sweeper.start();
    await settled();
    for (let moment = 0; moment < 6; moment++) {
      looks.held = true;
      const before = looks.count;
      void sweeper.sweepAnew();
      await settled();
      expect(looks.count).toBe(before + 1);
      looks.held = false;
      looks.finish();
      for (let turn = 0; turn < moment; turn++) await Promise.resolve();
      if (how === 'wake') sweeper.wake();
      else sweeper.expect(100);
      await settled();

      expect(await after(how === 'wake' ? 0 : 100)).toBeGreaterThan(before + 1);
    }
  });
});
