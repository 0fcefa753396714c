import { jest } from '@jest/globals';
import type { SlotUser } from './slots.js';
import { Slots } from './slots.js';

describe('the slots', () => {
  let now: number;

  beforeEach(() => {
    now = 10_000;
    jest.spyOn(performance, 'now').mockImplementation(() => now);
  });
  afterEach(() => jest.restoreAllMocks());

  const slots = (concurrency: number, concurrencyPerTenant = 100, answering: readonly string[] = []): Slots =>
    new Slots({ concurrency, concurrencyPerTenant }, (id) => answering.includes(id));

  const user = (tenant: string, subscriptionId = `${tenant}/1`): SlotUser => ({ tenant, subscriptionId });

  const take = (of: Slots, count: number, tenant = 'a') =>
    Array.from({ length: count }, () => of.take(user(tenant)));

  /** So many rounds of slow attempts, as many at a time as there may be. */
  const crowd = (of: Slots, rounds: number, count: number, tenant = 'a'): void => {
    for (let round = 0; round < rounds; round++) {
      take(of, count, tenant);
      now += 1_000;
      of.noticeSlow();
    }
  };

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

    expect(['a', 'b', 'c'].map((tenant) => of.isFreeFor(user(tenant)))).toEqual([false, true, true]);
    of.give(first!);

    expect(of.isFreeFor(user('a'))).toBe(true);
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

  it('are not free for endpoints of which nothing is known, beside four times as many slow attempts', () => {
    const of = slots(2, 100, ['b/good']);
    crowd(of, 4, 2);

    expect([of.size, of.free]).toEqual([8, true]);
    expect([of.isFreeFor(user('b')), of.isFreeFor(user('b', 'b/good'))]).toEqual([false, true]);
    take(of, 2, 'b');
    expect([of.free, of.isFreeFor(user('b', 'b/good'))]).toEqual([false, false]);
  });

  it('are not free, beside so many slow ones, for an endpoint that has a slow attempt itself', () => {
    const of = slots(2, 100, ['a/1']);
    crowd(of, 4, 2);

    expect([of.isFreeFor(user('a')), of.isFreeFor(user('a', 'a/2'))]).toEqual([false, false]);
  });

  it('of a tenant are counted in the same way: its slow attempts make room', () => {
    const of = slots(100, 2, ['a/good']);
    crowd(of, 3, 2);
    expect([of.isFreeFor(user('a')), of.isFreeFor(user('a', 'a/good'))]).toEqual([true, true]);
    crowd(of, 1, 2);

    expect([of.isFreeFor(user('a')), of.isFreeFor(user('a', 'a/good'))]).toEqual([false, true]);
    expect(of.isFreeFor(user('b'))).toBe(true);
  });

  it('are all there again when slow and quick ones are given back', () => {
    const of = slots(2, 4);
    const slow = take(of, 2);
    now += 2_000;
    of.noticeSlow();
    const quick = take(of, 2);

    for (const slot of [...slow, ...quick]) of.give(slot);

    expect([of.size, of.free, of.isFreeFor(user('a')), of.noticeSlow()]).toEqual([0, true, true, false]);
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
