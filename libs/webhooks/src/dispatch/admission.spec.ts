import { TestClock } from 'nestjs-webhooks/testing';
import { Admission } from './admission.js';

const ONE = { id: 'sub_1', tenant: 'a', version: 1 };
const OTHER = { id: 'sub_2', tenant: 'b', version: 1 };

describe('the admission', () => {
  let clock: TestClock;
  let versions: Map<string, number>;
  let admission: Admission;

  beforeEach(() => {
    clock = new TestClock();
    versions = new Map([ONE, OTHER].map(({ id, version }) => [id, version]));
    admission = new Admission(clock, 8, (id) => versions.get(id));
  });

  const excluded = (): readonly string[] | undefined => admission.excluded()?.subscriptions;

  it('lets everybody in at first', () => {
    expect(admission.waitFor(ONE)).toBe(0);
    expect(admission.excluded()).toEqual({ subscriptions: [], tenants: [] });
  });

  it.each(['block', 'open'] as const)('lets nothing in for a time: %s', (how) => {
    admission[how](ONE, 60_000);

    expect(admission.waitFor(ONE)).toBeGreaterThan(50_000);
    expect([excluded(), admission.waitFor(OTHER)]).toEqual([['sub_1'], 0]);
    clock.advance(60_000);

    expect([excluded(), admission.waitFor(ONE)]).toEqual([[], 0]);
  });

  it('keeps the longer of two blocks', () => {
    admission.block(ONE, 60_000);
    admission.block(ONE, 1_000);

    expect(admission.waitFor(ONE)).toBeGreaterThan(50_000);
    admission.block(ONE, 90_000);

    expect(admission.waitFor(ONE)).toBeGreaterThan(80_000);
  });

  it('has claims leave out what is skipped, and lets in what is in hand', () => {
    admission.skip(ONE, 60_000);

    expect([excluded(), admission.waitFor(ONE)]).toEqual([['sub_1'], 0]);
    admission.succeeded('sub_1');
    expect(excluded()).toEqual(['sub_1']);
    clock.advance(60_000);

    expect(excluded()).toEqual([]);
  });

  it('forgets the block of a subscription that was changed', () => {
    admission.block(ONE, 60_000);
    versions.set('sub_1', 2);

    expect([excluded(), admission.waitFor({ ...ONE, version: 2 })]).toEqual([[], 0]);
    admission.block({ ...ONE, version: 2 }, 1_000);

    expect(admission.waitFor({ ...ONE, version: 2 })).toBeLessThanOrEqual(1_000);
  });

  it('heeds no late answer to an older version', () => {
    const changed = { ...ONE, version: 2 };
    versions.set('sub_1', 2);
    admission.block(changed, 60_000);
    admission.block(ONE, 90_000);

    expect(admission.waitFor(changed)).toBeGreaterThan(50_000);
    expect(admission.waitFor(changed)).toBeLessThanOrEqual(60_000);
  });

  it.each(['block', 'open'] as const)('lets in what is sent by hand at any time: %s', (how) => {
    admission[how](ONE, 60_000);

    expect(admission.waitFor(ONE, true)).toBe(0);
  });

  it('closes a circuit after a success', () => {
    admission.open(ONE, 60_000);
    admission.succeeded('sub_1');

    expect([excluded(), admission.waitFor(ONE)]).toEqual([[], 0]);
  });

  it('leaves alone who wishes it, although a request before that succeeds', () => {
    admission.block(ONE, 60_000);
    admission.succeeded('sub_1');

    expect(excluded()).toEqual(['sub_1']);
    expect(admission.waitFor(ONE)).toBeGreaterThan(50_000);
  });

  it.each<[string, number[]]>([
    ['', [2]],
    ['+', [2, 3]],
    ['+++++++++', [2, 3, 4, 5, 6, 7, 8, 8, 8, 8]],
    ['-', [2, 1]],
    ['--', [2, 1, 1]],
    ['++++-+-', [2, 3, 4, 5, 6, 3, 4, 2]],
    ['++!', [2, 3, 4, 1]],
    ['!+', [2, 1, 2]],
  ])('gives attempts at a time by what an endpoint did (+ well, - badly, ! opened): %s', (history, caps) => {
    const given = [admission.capOf('sub_1')];
    for (const each of history) {
      if (each === '+') admission.succeeded('sub_1');
      else if (each === '-') admission.failed('sub_1');
      else admission.open(ONE, 1);
      given.push(admission.capOf('sub_1'));
    }

    expect(given).toEqual(caps);
  });

  it.each([
    [1, 1],
    [5, 5],
    [100, 8],
    [undefined, 8],
  ])('gives no more than a subscription wishes: wished %p, given %p', (wished, given) => {
    for (let n = 0; n < 20; n++) admission.succeeded('sub_1');

    expect(admission.capOf('sub_1', wished)).toBe(given);
  });

  it.each([
    ['subscription:sub_1', [true, false]],
    ['tenant:b', [false, true]],
    ['*', [true, true]],
    ['tenant:c', [false, false]],
  ])('lets nothing in that is stopped, not even by hand: %s', (scope, stopped) => {
    admission.asking()([scope]);

    expect([ONE, OTHER].map((each) => admission.waitFor(each) > 0)).toEqual(stopped);
    expect([ONE, OTHER].map((each) => admission.waitFor(each, true) > 0)).toEqual(stopped);
    admission.asking()([]);

    expect([ONE, OTHER].map((each) => admission.waitFor(each))).toEqual([0, 0]);
  });

  it('heeds no answer that was asked for before another that is known', () => {
    const [early, late] = [admission.asking(), admission.asking()];
    late(['tenant:b']);
    early([]);

    expect([...admission.stopped]).toEqual(['tenant:b']);
  });

  it('has claims leave out what is stopped, or not claim at all', () => {
    admission.asking()(['subscription:sub_1', 'tenant:b', 'tenant:x:y']);
    expect(admission.excluded()).toEqual({ subscriptions: ['sub_1'], tenants: ['b', 'x:y'] });

    admission.asking()(['tenant:b', '*']);

    expect(admission.excluded()).toBeNull();
  });

  it('knows who answered well the last time', () => {
    admission.succeeded('a');
    admission.succeeded('b');
    admission.failed('b');

    expect(['a', 'b', 'c'].map((id) => admission.answers(id))).toEqual([true, false, false]);
  });
});
