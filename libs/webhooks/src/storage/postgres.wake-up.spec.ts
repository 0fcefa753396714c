import type { DataSource } from 'typeorm';
import { PostgresWakeUp } from './postgres.wake-up.js';

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('listening for wake-ups', () => {
  let connected: () => void;
  let released: boolean[];
  let wakeUp: PostgresWakeUp;

  beforeEach(() => {
    released = [];
    const connection = {
      query: () => Promise.resolve(),
      on: () => undefined,
      release: (destroy: boolean) => released.push(destroy),
    };
    const connect = (): Promise<unknown> => new Promise((resolve) => (connected = () => resolve(connection)));
    const master = { options: { max: 10 }, connect };
    wakeUp = new PostgresWakeUp({ driver: { master } } as unknown as DataSource, 'webhooks');
  });

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
});
