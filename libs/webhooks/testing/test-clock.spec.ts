import { TestClock } from './test-clock.js';

describe('TestClock', () => {
  let clock: TestClock;

  beforeEach(() => {
    clock = new TestClock();
  });

  it('moves all its times by the same offset', () => {
    const [now, monotonic] = [clock.now(), clock.monotonic()];
    clock.advance(3_600_000);
    expect(clock.offset).toBe(3_600_000);
    expect(clock.now() - now).toBeGreaterThanOrEqual(3_600_000);
    expect(clock.monotonic() - monotonic).toBeGreaterThanOrEqual(3_600_000);
  });

  it('fires due timers in their order, each at its own instant', () => {
    const start = clock.monotonic();
    const fired: [string, number][] = [];
    const note = (name: string) => () => fired.push([name, Math.round((clock.monotonic() - start) / 1000)]);
    clock.after(20_000, note('second'));
    clock.after(10_000, note('first'));
    clock.after(40_000, note('later'));
    clock.advance(30_000);
    expect(fired).toEqual([
      ['first', 10],
      ['second', 20],
    ]);
  });

  it('fires a timer that a timer sets, when it is due on the way', () => {
    const fired: string[] = [];
    clock.after(10_000, () => {
      fired.push('outer');
      clock.after(10_000, () => fired.push('inner'));
      clock.after(50_000, () => fired.push('too late'));
    });
    clock.advance(30_000);
    expect(fired).toEqual(['outer', 'inner']);
  });

  it('does not fire a timer that was called off', () => {
    const fired: string[] = [];
    const timer = clock.after(10_000, () => fired.push('never'));
    timer.cancel();
    timer.cancel();
    clock.advance(30_000);
    expect(fired).toEqual([]);
  });

  it('fires when real time has passed, too', async () => {
    const startedAt = performance.now();
    // The clock's own timers do not keep a process alive.
    const alive = setInterval(() => undefined, 1_000);
    await new Promise<void>((resolve) => clock.after(30, resolve));
    clearInterval(alive);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(28);
  });

  it('shortens the real wait by what it is advanced', async () => {
    const alive = setInterval(() => undefined, 1_000);
    const fired = new Promise<void>((resolve) => clock.after(3_600_000, resolve));
    clock.advance(3_599_970);
    await fired;
    clearInterval(alive);
    expect(clock.offset).toBe(3_599_970);
  });

  it('waits for times that setTimeout cannot count to', () => {
    const fired: string[] = [];
    clock.after(60 * 86_400_000, () => fired.push('after two months'));
    clock.advance(59 * 86_400_000);
    expect(fired).toEqual([]);
    clock.advance(2 * 86_400_000);
    expect(fired).toEqual(['after two months']);
  });
});
