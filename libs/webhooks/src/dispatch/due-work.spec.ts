import type { WorkTable } from './due-work.js';
import { DueWorks, NO_WORK } from './due-work.js';

/** Works whose runs end when the test says so. */
class Bench {
  readonly begun: Promise<void>[] = [];
  readonly signals: AbortSignal[] = [];
  dones = 0;
  private finish: ((did: number) => void) | undefined;
  private fail: ((error: Error) => void) | undefined;
  readonly works = new DueWorks({ begun: (run) => this.begun.push(run), done: () => this.dones++ });

  add(table: WorkTable, ...kinds: string[]): void {
    const run = (signal: AbortSignal): Promise<number> => {
      this.signals.push(signal);
      return new Promise((resolve, reject) => ([this.finish, this.fail] = [resolve, reject]));
    };
    this.works.add({ table, kinds, run });
  }

  async ends(outcome: number | Error): Promise<void> {
    if (outcome instanceof Error) this.fail!(outcome);
    else this.finish!(outcome);
    await this.begun.at(-1)!.catch(() => undefined);
  }
}

describe('DueWorks', () => {
  let bench: Bench;

  beforeEach(() => (bench = new Bench()));

  it('wants to know of nothing while there is no work', () => {
    expect(bench.works.kinds).toEqual(NO_WORK);
    expect(bench.works.begin({ schedules: -5, jobs: 0 })).toBeNull();
  });

  it('begins what is due and tells how long the others wait', () => {
    bench.add('schedules', 'OrderStarted');
    bench.add('jobs', 'replay');
    expect(bench.works.kinds).toEqual({ schedules: ['OrderStarted'], jobs: ['replay'] });
    expect(bench.works.begin({ schedules: 0, jobs: 70 })).toBe(70);
    expect(bench.signals).toHaveLength(1);
    expect(bench.works.begin({ schedules: 30, jobs: 20 })).toBe(20);
  });

  it('begins no work twice at a time', async () => {
    bench.add('schedules', 'OrderStarted');
    bench.works.begin({ schedules: 0, jobs: null });
    bench.works.begin({ schedules: 0, jobs: null });
    expect(bench.begun).toHaveLength(1);
    await bench.ends(1);
    bench.works.begin({ schedules: 0, jobs: null });
    expect(bench.begun).toHaveLength(2);
  });

  it('has somebody look again after something was done, and not after nothing was', async () => {
    bench.add('jobs', 'replay');
    bench.works.begin({ schedules: null, jobs: -1 });
    await bench.ends(0);
    expect(bench.dones).toBe(0);
    bench.works.begin({ schedules: null, jobs: -1 });
    await bench.ends(3);
    expect(bench.dones).toBe(1);
  });

  it('may begin again what has failed', async () => {
    bench.add('jobs', 'replay');
    bench.works.begin({ schedules: null, jobs: 0 });
    await bench.ends(new Error('no database'));
    await expect(bench.begun[0]).rejects.toThrow('no database');
    expect(bench.dones).toBe(0);
    bench.works.begin({ schedules: null, jobs: 0 });
    expect(bench.begun).toHaveLength(2);
  });

  it('tells what is under way to stop, and begins nothing more', () => {
    bench.add('jobs', 'replay');
    bench.works.begin({ schedules: null, jobs: 0 });
    bench.works.stop();
    expect(bench.signals[0]!.aborted).toBe(true);
    bench.add('schedules', 'OrderStarted');
    bench.works.begin({ schedules: 0, jobs: 0 });
    expect(bench.begun).toHaveLength(1);
  });
});
