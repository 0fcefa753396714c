import { describeDatabases } from '../support/databases.js';
import type { Host, HostOptions } from '../support/host.js';
import { partOf } from '../support/internals.js';
import { OrderCreated } from '../support/order-events.js';
import { useStage } from '../support/stage.js';
import { HealthModule } from './health.example.js';

interface Stoppable {
  onModuleDestroy(): Promise<void>;
}

describeDatabases('the health of the webhooks', (database) => {
  const stage = useStage(database);
  let url: string;

  async function start(webhooks: HostOptions['webhooks'] = {}): Promise<Host> {
    const host = await stage.host({ imports: [HealthModule], webhooks });
    url = `${await host.listen()}/health`;
    return host;
  }

  async function health(): Promise<[number, object]> {
    const answer = await fetch(url);
    const { details } = (await answer.json()) as { details: { webhooks: object } };
    return [answer.status, details.webhooks];
  }

  it('is good while everything that is due is sent', async () => {
    const host = await start();
    await stage.subscribe(host);
    await host.webhooks.publish(OrderCreated.of('A'));
    await host.webhooks.drain();
    const details = { status: 'up', dispatcher: 'running', backlog: 0, oldestPendingMs: 0 };
    expect(await health()).toEqual([200, details]);
  });

  it('is bad when something has been due for too long', async () => {
    const host = await start({ dispatch: false });
    await host.webhooks.publish(OrderCreated.of('A'));
    expect(await health()).toMatchObject([200, { status: 'up', dispatcher: 'off', backlog: 1 }]);
    host.clock.advance(61_000);
    const [status, details] = await health();
    expect([status, details]).toMatchObject([503, { status: 'down', dispatcher: 'off' }]);
    expect((details as { oldestPendingMs: number }).oldestPendingMs).toBeGreaterThanOrEqual(61_000);
  });

  it('is bad when too much waits', async () => {
    const host = await start({ dispatch: false });
    for (const order of ['A', 'B', 'C', 'D']) await host.webhooks.publish(OrderCreated.of(order));
    expect(await health()).toMatchObject([503, { status: 'down', backlog: 4 }]);
  });

  it('is not made bad by a receiver that fails, by a pause or by an operator’s stop', async () => {
    const host = await start();
    stage.receiver.answer('/hook', 500);
    await stage.subscribe(host, { limits: { retry_schedule: Array<number>(20).fill(1) } });
    const paused = await stage.subscribe(host);
    await host.subscriptions.pause(paused.id);
    await host.webhooks.publish(OrderCreated.of('A'));
    for (let tries = 0; tries < 12; tries++) {
      await host.webhooks.drain();
      host.clock.advance(2_000);
    }
    host.clock.advance(30_000);
    expect(await health()).toMatchObject([200, { status: 'up', oldestPendingMs: 0 }]);

    await host.webhooks.stopDeliveries();
    await host.webhooks.publish(OrderCreated.of('B'));
    await host.webhooks.drain();
    host.clock.advance(200_000);
    expect(await health()).toMatchObject([200, { status: 'up', oldestPendingMs: 0 }]);
  });

  it('is bad in a process that should send and does not', async () => {
    const host = await start();
    await partOf<Stoppable>(host, 'Dispatcher').onModuleDestroy();
    expect(await health()).toMatchObject([503, { status: 'down', dispatcher: 'stopped' }]);
  });

  it('is bad without the database, and does not say more than that', async () => {
    const host = await start();
    await host.dataSource.query('ALTER TABLE webhooks_health RENAME TO elsewhere');
    const down = { status: 'down', message: 'The database does not answer.' };
    expect(await health()).toEqual([503, down]);
    await host.dataSource.query('ALTER TABLE elsewhere RENAME TO webhooks_health');
    expect(await health()).toMatchObject([200, { status: 'up' }]);
  });
});
