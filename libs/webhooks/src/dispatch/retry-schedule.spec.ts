import { RetrySchedule } from './retry-schedule.js';

const WAITS = [5_000, 300_000];

describe('a retry schedule', () => {
  it.each([
    [0, 4_000, 240_000],
    [0.5, 5_000, 300_000],
    [0.999999, 6_000, 360_000],
  ])('waits 20 %% more or less: with %d as chance %d and %d ms', (chance, first, second) => {
    const schedule = new RetrySchedule(WAITS, () => chance);

    expect(schedule.waitAfter(1)).toBe(first);
    expect(schedule.waitAfter(2)).toBe(second);
  });

  it('spreads what fails together, and stays within its bounds', () => {
    const schedule = new RetrySchedule(WAITS);
    const waits = Array.from({ length: 200 }, () => schedule.waitAfter(1)!);

    expect(new Set(waits).size).toBeGreaterThan(20);
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(4_000);
    expect(Math.max(...waits)).toBeLessThanOrEqual(6_000);
  });

  it.each([3, 4, 100])('has run out after %d attempts', (attempts) => {
    expect(new RetrySchedule(WAITS).waitAfter(attempts)).toBeNull();
  });

  it('of no waits has run out after the first attempt', () => {
    expect(new RetrySchedule([]).waitAfter(1)).toBeNull();
  });
});
