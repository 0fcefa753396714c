import type { TransportResult } from '../transport/webhook.transport.js';
import type { Delivery } from './delivery.js';
import { outcomeOf } from './outcome.js';
import { RetrySchedule } from './retry-schedule.js';

const NOW = Date.UTC(2026, 10, 8);
const DAY = 86_400_000;
const SCHEDULE = new RetrySchedule([1_000, 2_000], () => 0.5);

function judged(
  result: Partial<TransportResult>,
  delivery: Partial<Delivery> = {},
): ReturnType<typeof outcomeOf> {
  const complete = {
    status: null,
    error: null,
    detail: null,
    headers: {},
    body: '',
    durationMs: 1,
    ...result,
  };
  const first = { attempts: 0, step: 0, expiresAt: NOW + 5 * DAY, ...delivery } as Delivery;
  return outcomeOf(complete, first, SCHEDULE, NOW);
}

const retryAfter = (value: string) => ({ headers: { 'retry-after': value } });

describe('the outcome of an attempt', () => {
  it.each([200, 201, 202, 204, 226, 299])('%d: delivered', (status) => {
    expect(judged({ status }, { attempts: 3, step: 1 })).toEqual({
      state: 'succeeded',
      error: null,
      retryInMs: null,
      step: 1,
      gone: false,
      backOffMs: null,
    });
  });

  it.each([100, 199, 300, 301, 302, 304, 307, 400, 401, 404, 408, 409, 418, 451, 500, 502, 504, 599])(
    '%d: tried again by the schedule',
    (status) => {
      expect(judged({ status, ...retryAfter('60') })).toEqual({
        state: 'pending',
        error: 'HTTP_STATUS',
        retryInMs: 1_000,
        step: 1,
        gone: false,
        backOffMs: null,
      });
    },
  );

  it.each(['TIMEOUT', 'DNS_ERROR', 'TARGET_BLOCKED'] as const)('%s: tried again by the schedule', (error) => {
    expect(judged({ error })).toMatchObject({ state: 'pending', error, retryInMs: 1_000, step: 1 });
  });

  it('2xx that broke off is a failure', () => {
    expect(judged({ status: 200, error: 'TIMEOUT' })).toMatchObject({ state: 'pending', error: 'TIMEOUT' });
  });

  it('410: failed, and gone', () => {
    expect(judged({ status: 410 })).toMatchObject({ state: 'failed', gone: true, retryInMs: null });
  });

  it.each([
    [0, 1_000, 'pending'],
    [1, 2_000, 'pending'],
    [2, null, 'exhausted'],
    [7, null, 'exhausted'],
  ])('after step %d the next attempt is in %p ms: %s', (step, retryInMs, state) => {
    const outcome = judged({ status: 500 }, { attempts: step, step });

    expect(outcome).toMatchObject({ retryInMs, state, step: step + 1 });
  });

  it.each([
    [429, '60', 60_000, 60_000],
    [503, '60', 60_000, 60_000],
    [429, '0', 1_000, 1_000],
    [503, '0', 1_000, 0],
    [429, '9999999', DAY, DAY],
  ])(
    '%d with Retry-After %s: in %d ms, not charged, and left alone for %d',
    (status, value, retryInMs, backOffMs) => {
      const outcome = judged({ status, ...retryAfter(value) }, { attempts: 2, step: 1 });

      expect(outcome).toMatchObject({ state: 'pending', retryInMs, step: 1, backOffMs });
    },
  );

  it.each([
    [429, 1_000],
    [503, null],
  ])('%d without Retry-After: by the schedule, and left alone for %p ms', (status, backOffMs) => {
    expect(judged({ status })).toMatchObject({ retryInMs: 1_000, step: 1, backOffMs });
    expect(judged({ status, ...retryAfter('soon') })).toMatchObject({ retryInMs: 1_000, step: 1, backOffMs });
  });

  it('Retry-After is charged once it was heard twenty times', () => {
    const put = (attempts: number) => judged({ status: 503, ...retryAfter('60') }, { attempts, step: 0 });

    expect(put(19)).toMatchObject({ step: 0, retryInMs: 60_000 });
    expect(put(20)).toMatchObject({ step: 1, retryInMs: 1_000 });
  });

  it.each([
    ['the schedule', { status: 500 }, 1_000],
    ['Retry-After', { status: 503, ...retryAfter('3600') }, 3_600_000],
  ])('is the last one when %s would go beyond its life', (_title, result, wait) => {
    expect(judged(result, { expiresAt: NOW + wait }).state).toBe('pending');
    expect(judged(result, { expiresAt: NOW + wait - 1 })).toMatchObject({
      state: 'exhausted',
      retryInMs: null,
    });
  });
});
