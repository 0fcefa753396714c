import type { HealthRules, HealthState } from './health.js';
import { HEALTHY, afterFailure, afterSuccess } from './health.js';

const DAY = 86_400_000;
const NOW = 1_000 * DAY;
const RULES: HealthRules = { failureThreshold: 3, openFor: 100, openForMax: 350, disableAfter: 5 * DAY };

const state = (parts: Partial<HealthState>): HealthState => ({ ...HEALTHY, failingSince: NOW, ...parts });

describe('the health of a subscription', () => {
  it('begins to fail with the first failure, which is worth writing down', () => {
    const change = afterFailure(HEALTHY, NOW, RULES);

    expect(change.state).toEqual(state({ failures: 1 }));
    expect(change).toMatchObject({ persist: true, notice: null, disable: false });
  });

  it('is not written down with every further failure', () => {
    expect(afterFailure(state({ failures: 1 }), NOW + 1, RULES)).toMatchObject({
      persist: false,
      state: { failures: 2, failingSince: NOW, openUntil: null },
    });
  });

  it.each<[string, Partial<HealthState>, Partial<HealthState>, boolean]>([
    ['opens at the threshold', { failures: 2 }, { openUntil: NOW + 100, opens: 1 }, true],
    [
      'opens for twice as long',
      { failures: 3, openUntil: NOW, opens: 1 },
      { openUntil: NOW + 200, opens: 2 },
      true,
    ],
    [
      'opens no longer than allowed',
      { failures: 9, openUntil: 1, opens: 2 },
      { openUntil: NOW + 350, opens: 3 },
      true,
    ],
    [
      'opens after 2,000 times, too',
      { failures: 9, openUntil: 1, opens: 2_000 },
      { openUntil: NOW + 350 },
      true,
    ],
    [
      'stays as it is while it is open',
      { failures: 5, openUntil: NOW + 1, opens: 1 },
      { openUntil: NOW + 1, opens: 1 },
      false,
    ],
  ])('%s', (_title, before, after, persist) => {
    const change = afterFailure(state(before), NOW, RULES);

    expect(change.state).toMatchObject({ ...after, failures: before.failures! + 1 });
    expect(change.persist).toBe(persist);
  });

  it.each<[number, number, number | null, boolean]>([
    [2.4, 0, null, false],
    [2.5, 0, 50, false],
    [3, 50, null, false],
    [4.5, 50, 90, false],
    [4.6, 0, 90, false],
    [4.9, 90, null, false],
    [5, 90, null, true],
    [9, 0, 90, true],
  ])('after %d days, of which %d %% are told: notice %p, disabled: %p', (days, noticed, notice, disable) => {
    const change = afterFailure(state({ failures: 50, noticed }), NOW + days * DAY, RULES);

    expect(change).toMatchObject({ notice, disable });
    expect(change.state.noticed).toBe(notice ?? noticed);
  });

  it('does not disable for few failures, however long ago the first one was', () => {
    expect(afterFailure(state({ failures: 1 }), NOW + 9 * DAY, RULES).disable).toBe(false);
    expect(afterFailure(state({ failures: 2 }), NOW + 9 * DAY, RULES).disable).toBe(true);
  });

  it('is perfect after a success, which is written down when there was something to forget', () => {
    const ill = state({ failures: 20, openUntil: NOW, opens: 4, noticed: 90 });

    expect(afterSuccess(ill)).toEqual({ state: HEALTHY, persist: true, notice: null, disable: false });
    expect(afterSuccess(HEALTHY).persist).toBe(false);
  });
});
