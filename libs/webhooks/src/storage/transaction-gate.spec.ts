import { TransactionGate } from './transaction-gate.js';

/** A transaction as SQLite runs it: the answer is there before anybody waits for it. */
function busyFor(ms: number): () => Promise<void> {
  return async () => {
    const until = performance.now() + ms;
    while (performance.now() < until);
  };
}

describe('TransactionGate', () => {
  it('runs one at a time, in order', async () => {
    const gate = new TransactionGate();
    const steps: string[] = [];
    const transaction = (name: string) => () =>
      gate.run(async () => {
        steps.push(`${name} begins`);
        await new Promise(setImmediate);
        steps.push(`${name} ends`);
      });

    await Promise.all([transaction('A')(), transaction('B')()]);

    expect(steps).toEqual(['A begins', 'A ends', 'B begins', 'B ends']);
  });

  it('lets timers and sockets have a turn while transactions follow each other', async () => {
    const gate = new TransactionGate();
    let finished = 0;
    const turns: number[] = [];
    setImmediate(() => turns.push(finished));

    await Promise.all(Array.from({ length: 40 }, () => gate.run(busyFor(1)).then(() => finished++)));

    expect(turns[0]).toBeLessThan(40);
  });

  it('goes on after a transaction that failed', async () => {
    const gate = new TransactionGate();
    const failed = gate.run(() => Promise.reject(new Error('no')));
    const next = gate.run(() => Promise.resolve('yes'));

    await expect(failed).rejects.toThrow('no');
    expect(await next).toBe('yes');
  });
});
