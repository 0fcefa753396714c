import { waitAfter } from './schedule.js';

describe('waitAfter', () => {
  it('doubles from five seconds up to an hour', () => {
    const waits = Array.from({ length: 12 }, (_, n) => waitAfter(n + 1)! / 1_000);
    expect(waits).toEqual([5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600]);
  });

  it('ends after sixteen tries', () => {
    expect(waitAfter(15)).toBe(3_600_000);
    expect(waitAfter(16)).toBeUndefined();
    expect(waitAfter(17)).toBeUndefined();
  });

  it('has no objection before the first', () => {
    expect(waitAfter(0)).toBeDefined();
  });
});
