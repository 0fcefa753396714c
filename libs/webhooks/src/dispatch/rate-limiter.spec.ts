import { jest } from '@jest/globals';
import { ActiveSet } from '../subscriptions/active-set.js';
import type { SubscriptionProps } from '../subscriptions/subscription.js';
import { Subscription } from '../subscriptions/subscription.js';
import type { Admission } from './admission.js';
import type { Delivery, Settlement } from './delivery.js';
import type { RateGrant, RateParts } from './rate-limiter.js';
import { RateLimiter, putOff } from './rate-limiter.js';

const subscription = (id: string, rate?: { limit: number; per: number }): Subscription =>
  new Subscription({
    id,
    tenant: 'a',
    version: 1,
    createdAt: 0,
    eventTypes: ['*'],
    aliased: [],
    authentication: null,
    signatures: ['v1'],
    secrets: [],
    ordering: null,
    limits: rate ? { rate } : {},
  } as unknown as SubscriptionProps);

const SET = new ActiveSet(
  1,
  [
    subscription('free'),
    subscription('slow', { limit: 3, per: 60 }),
    subscription('slower', { limit: 1, per: 1 }),
  ],
  false,
);

const deliveries = (subscriptionId: string, count: number): Delivery[] =>
  Array.from(
    { length: count },
    (_, n) => ({ id: `${subscriptionId}-${n}`, subscriptionId, step: 2 }) as Delivery,
  );

const ids = (of: readonly Delivery[]): string[] => of.map(({ id }) => id);

describe('the rate limiter', () => {
  const reserve = jest.fn<RateParts['reserve']>();
  const skip = jest.fn<Admission['skip']>();
  let late: Settlement[];
  let limiter: RateLimiter;

  beforeEach(() => {
    reserve.mockReset();
    skip.mockReset();
    late = [];
    const admission = { skip } as unknown as Admission;
    limiter = new RateLimiter({ reserve, admission, putOff: (settlement) => late.push(settlement) });
  });

  const granting = (grants: Record<string, RateGrant>): void =>
    void reserve.mockImplementation(async (id) => grants[id]!);

  it('asks nobody for those without a rate', async () => {
    expect(ids(await limiter.paced(deliveries('free', 3), SET))).toEqual(['free-0', 'free-1', 'free-2']);
    expect(reserve).not.toHaveBeenCalled();
  });

  it('lets nothing wait that was granted', async () => {
    granting({ slow: { granted: 2, nextInMs: 0 } });

    expect(ids(await limiter.paced(deliveries('slow', 2), SET))).toEqual(['slow-0', 'slow-1']);
    expect(reserve).toHaveBeenCalledWith('slow', 2, { limit: 3, perMs: 60_000 });
    expect([late, skip.mock.calls]).toEqual([[], []]);
  });

  it('puts the rest off, the later ones, and has claims leave them alone', async () => {
    granting({ slow: { granted: 2, nextInMs: 1_234.5 } });

    const now = await limiter.paced(deliveries('slow', 4), SET);

    expect(ids(now)).toEqual(['slow-0', 'slow-1']);
    expect(ids(late.map(({ delivery }) => delivery))).toEqual(['slow-2', 'slow-3']);
    expect(late[0]).toMatchObject({ state: 'pending', retryInMs: 1_235, step: 2, attempt: null, body: null });
    expect(skip).toHaveBeenCalledWith(SET.byId('slow'), 1_234.5);
  });

  it('judges each subscription by itself', async () => {
    granting({ slow: { granted: 0, nextInMs: 5 }, slower: { granted: 1, nextInMs: 9 } });
    const mixed = [...deliveries('slow', 2), ...deliveries('free', 1), ...deliveries('slower', 2)];

    const now = await limiter.paced(mixed, SET);

    expect(ids(now).sort()).toEqual(['free-0', 'slower-0']);
    expect(ids(late.map(({ delivery }) => delivery))).toEqual(['slow-0', 'slow-1', 'slower-1']);
  });

  it('lets those of unknown subscriptions pass: somebody else puts them aside', async () => {
    expect(ids(await limiter.paced(deliveries('gone', 1), SET))).toEqual(['gone-0']);
  });

  it('puts off without an attempt', () => {
    const [delivery] = deliveries('slow', 1);

    expect(putOff(delivery!, 0.2)).toMatchObject({ delivery, attempt: null, retryInMs: 1, step: 2 });
  });
});
