import { jest } from '@jest/globals';
import { Slots } from './slots.js';

describe('the slots', () => {
  let now: number;

  beforeEach(() => {
    now = 10_000;
    jest.spyOn(performance, 'now').mockImplementation(() => now);
  });
  afterEach(() => jest.restoreAllMocks());

  const slots = (concurrency: number, concurrencyPerTenant = 100): Slots =>
    new Slots({ concurrency, concurrencyPerTenant });

  const take = (of: Slots, count: number, tenant = 'a') =>
    Array.from({ length: count }, () => of.take(tenant));

  it('are as many as may be under way at once', () => {
    const of = slots(3);

    const taken = take(of, 3);
    expect([of.size, of.free]).toEqual([3, false]);
    of.give(taken[1]!);

    expect([of.size, of.free]).toEqual([2, true]);
  });

  it('are as many for a tenant as it may have, whoever else has some', () => {
    const of = slots(10, 2);
    const [first] = take(of, 2);
    take(of, 1, 'b');

    expect([of.isFreeFor('a'), of.isFreeFor('b'), of.isFreeFor('c')]).toEqual([false, true, true]);
    of.give(first!);

    expect(of.isFreeFor('a')).toBe(true);
  });

  it('are free again beside attempts that last longer than a second', () => {
    const of = slots(2);
    take(of, 2);
    now += 1_000;

    expect([of.noticeSlow(), of.free]).toEqual([true, true]);
    expect(of.noticeSlow()).toBe(false);
    take(of, 2);

    expect([of.size, of.free]).toEqual([4, false]);
  });

  it('are not free for more slow attempts than four times the others', () => {
    const of = slots(2);
    for (let round = 0; round < 4; round++) {
      take(of, 2);
      now += 1_000;
      of.noticeSlow();
    }

    expect([of.size, of.free]).toEqual([8, false]);
  });

  it('are all there again when slow and quick ones are given back', () => {
    const of = slots(2, 4);
    const slow = take(of, 2);
    now += 2_000;
    of.noticeSlow();
    const quick = take(of, 2);

    for (const slot of [...slow, ...quick]) of.give(slot);

    expect([of.size, of.free, of.isFreeFor('a'), of.noticeSlow()]).toEqual([0, true, true, false]);
    take(of, 2);
    expect(of.free).toBe(false);
  });

  it('are not slow before the second is over', () => {
    const of = slots(1);
    take(of, 1);
    now += 999;

    expect([of.noticeSlow(), of.free]).toEqual([false, false]);
  });
});
