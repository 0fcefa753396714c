import { randomBytes } from 'node:crypto';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import type { CreatedSubscription } from 'nestjs-webhooks';
import { DeliveriesService } from 'nestjs-webhooks';
import {
  TypeOrmReplayStore,
  webhookReceiverMigrations,
  WebhookReceiverModule,
} from 'nestjs-webhooks/receiver';
import type { ReceivedRequest } from 'nestjs-webhooks/testing';
import type { DataSource } from 'typeorm';
import type { TestDatabaseOptions } from '../support/databases.js';
import { describeDatabases } from '../support/databases.js';
import type { Host } from '../support/host.js';
import { partOf } from '../support/internals.js';
import { OrderCreated } from '../support/order-events.js';
import { useStage } from '../support/stage.js';
import type { Answer, Message } from './receiver-app.js';
import { ReceiverApp } from './receiver-app.js';
import { headerOf } from './signed-message.js';

function secretOf(): string {
  return `whsec_${randomBytes(32).toString('base64')}`;
}

/** A request as an eavesdropper sends it again. */
function recorded({ headers, body }: ReceivedRequest): Message {
  const ownToConnection = /^(host|content-length|connection)$/;
  return { headers: Object.entries(headers).filter(([name]) => !ownToConnection.test(name)), body };
}

describeDatabases('a message of this package to its receiver', (database) => {
  const stage = useStage(database);
  let receivers: ReceiverApp[];
  let memory: TestDatabaseOptions;

  beforeEach(async () => {
    receivers = [];
    memory = await database.fresh();
  });

  afterEach(async () => {
    for (const receiver of receivers) await receiver.close();
  });

  /** Another application with a database of its own, on the sender's clock. */
  async function receiverWith(host: Host, ...secrets: string[]): Promise<ReceiverApp> {
    const typeOrm = TypeOrmModule.forRoot({
      ...memory,
      migrations: webhookReceiverMigrations(),
      migrationsRun: true,
      retryAttempts: 0,
    });
    const receiverModule = WebhookReceiverModule.forRootAsync({
      inject: [getDataSourceToken()],
      useFactory: (dataSource: DataSource) => ({
        secrets,
        replay: { store: new TypeOrmReplayStore(dataSource, { clock: host.clock }) },
      }),
    });
    const receiver = await ReceiverApp.start({ receiverModule, imports: [typeOrm], clock: host.clock });
    receivers.push(receiver);
    return receiver;
  }

  /** A second secret that signs beside the first one, as during a rotation. */
  async function addSecret(host: Host, id: string, secret: string): Promise<void> {
    const ring = partOf<{ encrypt(text: string, place: object): string }>(host, 'KeyRing');
    const [row] = (await host.dataSource.query('SELECT secrets FROM webhooks_subscriptions')) as [
      { secrets: string },
    ];
    const sealed = ring.encrypt(secret, { table: 'subscriptions', row: id, purpose: 'sec_2' });
    const second = { id: 'sec_2', secret: sealed, created_at: host.clock.now(), not_after: null };
    const secrets = JSON.stringify([...(JSON.parse(row.secrets) as unknown[]), second]);
    await host.dataSource.query(`UPDATE webhooks_subscriptions SET secrets = '${secrets}'`);
    partOf<{ invalidate(): void }>(host, 'SubscriptionIndex').invalidate();
  }

  function subscribe(host: Host, url: string, secret = secretOf()): Promise<CreatedSubscription> {
    return host.subscriptions.create({ event_types: ['OrderCreated'], url, secret });
  }

  async function publish(host: Host): Promise<string> {
    const { id } = await host.webhooks.publish(OrderCreated.of('A', 3));
    await host.webhooks.drain();
    return id;
  }

  it('arrives with its id, its attempt and its body', async () => {
    const host = await stage.host();
    const secret = secretOf();
    const receiver = await receiverWith(host, secret);
    await subscribe(host, `${receiver.url}/hooks`, secret);

    const id = await publish(host);

    expect(receiver.inbox.received).toMatchObject([
      { id, attempt: 1, body: { type: 'OrderCreated', data: { order_id: 'A', total: 3 } } },
    ]);
    expect(await host.count('deliveries', `state = 'succeeded'`)).toBe(1);
  });

  it('is handled at the second attempt when the first one failed with 500, and once', async () => {
    const host = await stage.host();
    const secret = secretOf();
    const receiver = await receiverWith(host, secret);
    await subscribe(host, `${receiver.url}/hooks`, secret);
    receiver.inbox.plans.push(() => {
      throw new Error('database down');
    });

    const id = await publish(host);
    expect(await host.count('deliveries', `state = 'pending' AND last_status = 500`)).toBe(1);
    host.clock.advance(10_000);
    await host.webhooks.drain();

    expect(receiver.inbox.received).toMatchObject([
      { id, attempt: 1 },
      { id, attempt: 2 },
    ]);
    expect(await host.count('deliveries', `state = 'succeeded'`)).toBe(1);
  });

  it('that is sent again after it was handled succeeds, and is not handled again', async () => {
    const host = await stage.host();
    const secret = secretOf();
    const receiver = await receiverWith(host, secret);
    await subscribe(host, `${receiver.url}/hooks`, secret);
    const id = await publish(host);
    const [delivery] = (await host.dataSource.query('SELECT id FROM webhooks_deliveries')) as [
      { id: string },
    ];

    host.clock.advance(3_600_000);
    await host.get(DeliveriesService).resend(delivery.id);
    await host.webhooks.drain();

    expect(receiver.inbox.ids).toEqual([id]);
    expect(await host.count('attempts', 'status = 201')).toBe(2);
    expect(await host.count('deliveries', `state = 'succeeded'`)).toBe(1);
  });

  it('that somebody recorded and sends again is answered without its handler, and refused when it is old', async () => {
    const host = await stage.host();
    const secret = secretOf();
    const receiver = await receiverWith(host, secret);
    await subscribe(host, stage.receiver.url('/hook'), secret);
    const id = await publish(host);
    const message = recorded(stage.receiver.requests[0]!);
    const replay = (): Promise<Answer> => receiver.send(message);

    expect((await replay()).headers).not.toHaveProperty('webhook-duplicate');
    expect(await replay()).toMatchObject({ status: 201, headers: { 'webhook-duplicate': 'true' } });
    host.clock.advance(302_000);
    expect(await replay()).toMatchObject({ status: 401 });
    expect(receiver.inbox.ids).toEqual([id]);
  });

  it('of a sender with two live secrets is good for receivers with either of them, and with both', async () => {
    const host = await stage.host();
    const [old, current] = [secretOf(), secretOf()];
    const { id: subscription } = await subscribe(host, stage.receiver.url('/hook'), old);
    await addSecret(host, subscription, current);

    const id = await publish(host);
    const message = recorded(stage.receiver.requests[0]!);

    expect(headerOf(message, 'webhook-signature')).toMatch(/^v1,\S+ v1,\S+$/);
    for (const secrets of [[old], [current], [current, old]]) {
      memory = await database.fresh();
      const receiver = await receiverWith(host, ...secrets);
      expect(await receiver.send(message)).toMatchObject({ status: 201 });
      expect(receiver.inbox.ids).toEqual([id]);
    }
    const stranger = await receiverWith(host, secretOf());
    expect(await stranger.send(message)).toMatchObject({ status: 401 });
  });

  it('of a rotating sender arrives before, during and after', async () => {
    const host = await stage.host();
    const [old, current] = [secretOf(), secretOf()];
    const receiver = await receiverWith(host, current, old);
    const { id: subscription } = await subscribe(host, `${receiver.url}/hooks`, old);

    const before = await publish(host);
    await addSecret(host, subscription, current);
    const during = await publish(host);
    await receiver.close();
    const after = await receiverWith(host, current);
    await host.subscriptions.update(subscription, { url: `${after.url}/hooks` });
    const last = await publish(host);

    expect([receiver.inbox.ids, after.inbox.ids]).toEqual([[before, during], [last]]);
  });
});
