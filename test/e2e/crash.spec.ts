import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { WebhookReceiver } from 'nestjs-webhooks/testing';
import type { TestDatabaseOptions } from '../support/databases.js';
import { describeDatabases } from '../support/databases.js';
import { TEST_KEY, startHost } from '../support/host.js';

const DOOMED_HOST = fileURLToPath(new URL('../support/doomed-host.mjs', import.meta.url));
const LEASE_MS = 60_000;

function doomedHost(database: TestDatabaseOptions, kill: string): ChildProcess {
  const { NODE_OPTIONS: _jestFlags, ...env } = process.env;
  return spawn(process.execPath, [DOOMED_HOST], {
    env: { ...env, DATABASE: JSON.stringify(database), KEY: TEST_KEY, KILL: kill },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}

describeDatabases('a process that is killed', (database) => {
  let options: TestDatabaseOptions;
  let receiver: WebhookReceiver;

  beforeEach(async () => {
    receiver = await WebhookReceiver.start({ waitTimeoutMs: 120_000 });
    options = await database.fresh();
    const host = await startHost(options);
    await host.subscriptions.create({ event_types: ['OrderCreated'], url: receiver.url('/hook') });
    await host.close();
  });

  afterEach(() => receiver.close());

  it('leaves its committed event to the next process when it dies between commit and hand-over', async () => {
    const [, signal] = (await once(doomedHost(options, 'after-commit'), 'exit')) as [unknown, string];
    expect(signal).toBe('SIGKILL');
    expect(receiver.requests).toHaveLength(0);

    const host = await startHost(options);
    expect(await host.orders()).toEqual(['A']);
    host.clock.advance(LEASE_MS + 1);
    await host.webhooks.drain();
    await host.close();

    expect(receiver.requests.map(({ body }) => JSON.parse(body).data.order_id)).toEqual(['A']);
  });

  it('leaves its delivery to the next process when it dies while the request is under way', async () => {
    receiver.answer('/hook', { kind: 'hang' }, { status: 204 });
    const child = doomedHost(options, 'in-flight');
    await receiver.waitFor(1);
    child.kill('SIGKILL');
    await once(child, 'exit');

    const host = await startHost(options);
    host.clock.advance(LEASE_MS + 1);
    await host.webhooks.drain();
    expect(await host.count('deliveries', `state = 'succeeded'`)).toBe(1);
    await host.close();

    const ids = receiver.requests.map(({ headers }) => headers['webhook-id']);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
  });

  it('in the middle of an event with many subscriptions leaves to the next process only what is not on record', async () => {
    const paths = Array.from({ length: 40 }, (_, n) => `/many/${n}`);
    const [done, underWay] = [paths.slice(0, 20), paths.slice(20)];
    const office = await startHost(options, { webhooks: { dispatch: false } });
    for (const path of paths)
      await office.subscriptions.create({ event_types: ['OrderCreated'], url: receiver.url(path) });
    for (const path of underWay) receiver.answer(path, { kind: 'hang' }, 204);
    const child = doomedHost(options, 'in-flight');
    await receiver.waitFor(1 + paths.length);
    // The one of all tests, too.
    while ((await office.count('deliveries', `state = 'succeeded'`)) <= done.length) await nextTurn();
    child.kill('SIGKILL');
    await once(child, 'exit');

    const host = await startHost(options);
    host.clock.advance(LEASE_MS + 1);
    await host.webhooks.drain();

    const attempts = (path: string): number => receiver.requestsTo(path).length;
    expect(done.map(attempts)).toEqual(done.map(() => 1));
    expect(underWay.map(attempts)).toEqual(underWay.map(() => 2));
    expect(await host.count('deliveries', `state = 'succeeded'`)).toBe(1 + paths.length);
    expect(await host.count('events', 'due_at IS NOT NULL')).toBe(0);
    await host.close();
    await office.close();
  });

  it('keeps others from sending what it holds for as long as its lease runs', async () => {
    await once(doomedHost(options, 'after-commit'), 'exit');

    const host = await startHost(options);
    host.clock.advance(LEASE_MS / 2);
    await host.webhooks.drain();
    expect(receiver.requests).toHaveLength(0);
    await host.close();
  });
});
