import { TestClock } from 'nestjs-webhooks/testing';
import type { LifecycleEvent } from '../subscriptions/lifecycle.service.js';
import type { Subscription } from '../subscriptions/subscription.js';
import { Admission } from './admission.js';
import type { Attempt, Delivery, DeliveryState } from './delivery.js';
import type { SubscriptionHealth } from './health.js';
import { HEALTHY } from './health.js';
import { HealthMonitor } from './health-monitor.js';

const HOUR = 3_600_000;
const RULES = { failureThreshold: 3, openFor: 60_000, openForMax: HOUR, disableAfter: 100 * HOUR };
const SUBSCRIPTION = { id: 'sub_1', tenant: 'a', version: 1 } as Subscription;
const EVENT = { id: 'evt_1', type: 'OrderCreated' };

interface Report {
  readonly state: DeliveryState;
  readonly number?: number;
  readonly gone?: boolean;
  readonly backOffMs?: number;
}

describe('the health monitor', () => {
  let clock: TestClock;
  let admission: Admission;
  let monitor: HealthMonitor;
  let noted: [string, SubscriptionHealth][];
  let disabled: [string, string][];
  let told: [string, LifecycleEvent][];

  beforeEach(() => {
    clock = new TestClock();
    admission = new Admission(clock, 8, () => 1);
    [noted, disabled, told] = [[], [], []];
    monitor = new HealthMonitor({
      admission,
      clock,
      rules: RULES,
      note: (...args) => noted.push(args),
      disable: ({ id }, reason) => disabled.push([id, reason]),
      tell: (...args) => told.push(args),
    });
  });

  const observe = (report: Report, subscription = SUBSCRIPTION): void => {
    const { state, number = 1, gone = false, backOffMs = null } = report;
    const delivery = { id: 'dlv_1', event: EVENT } as Delivery;
    const succeeded = state === 'succeeded';
    const attempt = {
      number,
      status: succeeded ? 204 : 500,
      error: succeeded ? null : 'HTTP_STATUS',
    } as Attempt;
    const settlement = { delivery, state, retryInMs: null, step: 0, attempt, body: null };
    monitor.observe(subscription, { settlement, attempt, gone, backOffMs });
  };
  const fail = (times: number, subscription = SUBSCRIPTION): void => {
    for (let n = 0; n < times; n++) observe({ state: 'pending' }, subscription);
  };
  const names = (): string[] => told.map(([name]) => name.replace('webhooks.', ''));

  it('opens the circuit at the threshold, and writes it down', () => {
    fail(2);
    expect(admission.waitFor(SUBSCRIPTION)).toBe(0);

    fail(1);

    expect(admission.waitFor(SUBSCRIPTION)).toBeGreaterThan(50_000);
    expect(admission.capOf('sub_1')).toBe(1);
    expect(noted.map(([id, { version, state }]) => [id, version, state.failures, state.opens])).toEqual([
      ['sub_1', 1, 1, 0],
      ['sub_1', 1, 3, 1],
    ]);
  });

  it('closes it with a success, and writes that down, too', () => {
    fail(3);

    observe({ state: 'succeeded' });

    expect(admission.waitFor(SUBSCRIPTION)).toBe(0);
    expect(noted.at(-1)).toEqual(['sub_1', { version: 1, state: HEALTHY }]);
  });

  it('writes nothing down for what goes well', () => {
    for (let n = 0; n < 5; n++) observe({ state: 'succeeded' });

    expect([noted, told, admission.capOf('sub_1')]).toEqual([[], [], 7]);
  });

  it('does not open it again for attempts that were under way when it opened', () => {
    fail(3);
    clock.advance(50_000);
    fail(5);
    expect(admission.waitFor(SUBSCRIPTION)).toBeLessThanOrEqual(10_000);
    clock.advance(10_000);

    fail(1);

    expect(admission.waitFor(SUBSCRIPTION)).toBeGreaterThan(110_000);
  });

  it('gives whoever changes the subscription a fresh start', () => {
    fail(2);

    fail(1, { ...SUBSCRIPTION, version: 2 } as Subscription);

    expect(noted.at(-1)![1]).toMatchObject({ version: 2, state: { failures: 1 } });
    expect(admission.waitFor(SUBSCRIPTION)).toBe(0);
  });

  it('draws no conclusions from an attempt that was under way when the subscription was changed', () => {
    const changed = { ...SUBSCRIPTION, version: 2 } as Subscription;
    fail(3, changed);

    observe({ state: 'failed', gone: true });
    observe({ state: 'succeeded' });
    observe({ state: 'exhausted', backOffMs: HOUR });

    expect([noted.length, disabled, admission.capOf('sub_1')]).toEqual([2, [], 1]);
    expect(admission.waitFor(changed)).toBeGreaterThan(59_000);
    expect(names()).toEqual(['delivery.exhausted']);
  });

  it('goes on from what was written down', () => {
    const state = {
      failures: 9,
      failingSince: clock.now(),
      openUntil: clock.now() + 30_000,
      opens: 2,
      noticed: 0,
    };
    monitor.restore('sub_1', { version: 1, state });
    expect(admission.waitFor(SUBSCRIPTION)).toBeGreaterThan(20_000);
    clock.advance(30_001);

    fail(1);

    expect(admission.waitFor(SUBSCRIPTION)).toBeGreaterThan(230_000);
  });

  it('keeps no circuit open for longer than a circuit may be, whatever clock it was written down by', () => {
    const openUntil = clock.now() + 6 * HOUR;
    const state = { failures: 3, failingSince: clock.now(), openUntil, opens: 1, noticed: 0 };
    monitor.restore('sub_1', { version: 1, state });

    expect(admission.waitFor(SUBSCRIPTION)).toBeLessThanOrEqual(HOUR);
  });

  it('leaves a subscription alone for as long as its receiver asks', () => {
    observe({ state: 'pending', backOffMs: 50_000 });

    expect(admission.waitFor(SUBSCRIPTION)).toBeGreaterThan(40_000);
    clock.advance(50_000);
    expect(admission.waitFor(SUBSCRIPTION)).toBe(0);
  });

  it.each<[Report, string[]]>([
    [{ state: 'pending', number: 3 }, []],
    [{ state: 'pending', number: 4 }, ['delivery.failing']],
    [{ state: 'pending', number: 5 }, []],
    [{ state: 'exhausted', number: 10 }, ['delivery.exhausted']],
    [{ state: 'exhausted', number: 4 }, ['delivery.exhausted']],
    [{ state: 'succeeded', number: 4 }, []],
    [{ state: 'succeeded', number: 5 }, ['delivery.recovered']],
    [{ state: 'failed', number: 4 }, []],
  ])('after %j tells %j', (report, expected) => {
    observe(report);

    expect(names()).toEqual(expected);
  });

  it('tells what it is about', () => {
    observe({ state: 'pending', number: 4 });

    expect(told[0]![1]).toEqual({
      subscriptionId: 'sub_1',
      tenant: 'a',
      deliveryId: 'dlv_1',
      eventId: 'evt_1',
      eventType: 'OrderCreated',
      attempts: 4,
      status: 500,
      error: 'HTTP_STATUS',
    });
  });

  it('tells half-way and at 90 % to being disabled, once each, and disables at the end', () => {
    for (let hour = 0; hour <= 100; hour += 5) {
      fail(1);
      clock.advance(5 * HOUR + 1);
    }

    expect(told.map(([, { percent }]) => percent)).toEqual([50, 90]);
    expect(disabled).toEqual([['sub_1', 'failing']]);
  });

  it('disables at once what is gone', () => {
    observe({ state: 'failed', gone: true });

    expect(disabled).toEqual([['sub_1', 'gone']]);
  });
});
