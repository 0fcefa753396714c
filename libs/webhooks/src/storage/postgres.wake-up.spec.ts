import { Logger } from '@nestjs/common';
import { jest } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { PostgresWakeUp } from './postgres.wake-up.js';

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('listening for wake-ups', () => {
  let connected: () => void;
  let released: boolean[];
  let failures: ((error: Error) => void)[];
  let wakeUp: PostgresWakeUp;

  function connection(): object {
    return {
      query: () => Promise.resolve(),
      on: (event: string, listener: (error: Error) => void) => event === 'error' && failures.push(listener),
      release: (destroy: boolean) => released.push(destroy),
    };
  }

  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['setImmediate'] });
    [released, failures] = [[], []];
    const connect = (): Promise<unknown> =>
      new Promise((resolve) => (connected = () => resolve(connection())));
    const master = { options: { max: 10 }, connect };
    wakeUp = new PostgresWakeUp({ driver: { master } } as unknown as DataSource, 'webhooks');
  });

  afterEach(() => jest.useRealTimers());

  it('keeps no connection that comes after it was closed: the pool could not end', async () => {
    const listening = wakeUp.listen(() => undefined);
    await wakeUp.close();
    connected();
    await listening;

    expect(released).toEqual([true]);
  });

  it('looks once when it begins: what was sent before was heard by nobody', async () => {
    let woken = 0;
    const listening = wakeUp.listen(() => woken++);
    connected();
    await listening;
    await settled();

    expect([woken, released]).toEqual([1, []]);
  });

  it('keeps its new connection when the one that broke complains again', async () => {
    jest.spyOn(Logger.prototype, 'warn').mockReturnValue();
    const listening = wakeUp.listen(() => undefined);
    connected();
    await listening;
    failures[0]!(new Error('terminated by an administrator'));
    jest.runOnlyPendingTimers();
    connected();
    await settled();

    failures[0]!(new Error('read ECONNRESET'));

    expect([failures.length, released]).toEqual([2, [true]]);
  });
});
