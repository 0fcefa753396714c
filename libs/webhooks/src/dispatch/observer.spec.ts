import type { Delivery, Settlement } from './delivery.js';
import type { AttemptReport } from './health-monitor.js';
import type { Observer } from './observer.js';
import { Observation } from './observer.js';

const DELIVERY = { id: 'dlv_1' } as Delivery;
const REPORT = { gone: false } as AttemptReport;
const SETTLEMENTS: readonly Settlement[] = [];

const fail = (what: string) => (): never => {
  throw new Error(what);
};

function observed(own: Partial<Observer>): { observer: Observer; failures: string[] } {
  const failures: string[] = [];
  const observation = new Observation((error) => failures.push(String(error)));
  const all = { traceOf: fail('trace'), published: fail('published'), settled: fail('settled') };
  observation.observer = { ...all, attempt: (_, make) => make(), ...own };
  return { observer: observation.observer!, failures };
}

describe('an observer that throws', () => {
  it('disturbs nobody, and what it throws is told', () => {
    const { observer, failures } = observed({});

    expect(observer.traceOf()).toBeNull();
    observer.published([]);
    observer.settled(SETTLEMENTS);

    expect(failures).toEqual(['Error: trace', 'Error: published', 'Error: settled']);
  });

  it.each<[string, Observer['attempt']]>([
    ['before', fail('late')],
    ['after', (_, make) => make().then(fail('late'))],
    ['while', (_, make) => (void make(), fail('late')())],
  ])('%s the attempt loses no report and makes no second attempt', async (_, attempt) => {
    const { observer, failures } = observed({ attempt });
    let made = 0;

    const report = await observer.attempt(DELIVERY, () => Promise.resolve((made++, REPORT)));

    expect([report, made, failures]).toEqual([REPORT, 1, ['Error: late']]);
  });

  it('is not blamed for what the attempt itself throws', async () => {
    const { observer, failures } = observed({});

    const attempt = observer.attempt(DELIVERY, () => Promise.reject(new Error('broken')));

    await expect(attempt).rejects.toThrow('broken');
    expect(failures).toEqual([]);
  });

  it('is gone when it is taken away', () => {
    const observation = new Observation(() => undefined);
    observation.observer = observed({}).observer;

    observation.observer = undefined;

    expect(observation.observer).toBeUndefined();
  });
});
