import { randomBytes } from 'node:crypto';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import type { CreatedSubscription } from 'nestjs-webhooks';
import { DeliveriesService, SecretsService } from 'nestjs-webhooks';
import type { SenderOptions } from 'nestjs-webhooks/receiver';
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
  async function receiverWith(host: Host, keys: SenderOptions): Promise<ReceiverApp> {
    const typeOrm = TypeOrmModule.forRoot({
      ...memory,
      migrations: webhookReceiverMigrations(),
      migrationsRun: true,
      retryAttempts: 0,
    });
    const receiverModule = WebhookReceiverModule.forRootAsync({
      inject: [getDataSourceToken()],
      useFactory: (dataSource: DataSource) => ({
        ...keys,
        replay: { store: new TypeOrmReplayStore(dataSource, { clock: host.clock }) },
      }),
    });
    const receiver = await ReceiverApp.start({ receiverModule, imports: [typeOrm], clock: host.clock });
    receivers.push(receiver);
    return receiver;
  }

  /** The new secret of a rotation, beside which the old one goes on signing. */
  async function rotate(host: Host, id: string, overlap?: number): Promise<string> {
    const rotation = overlap === undefined ? {} : { overlap };
    return (await host.get(SecretsService).rotate(id, rotation)).secret;
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
    const receiver = await receiverWith(host, { secrets: [secret] });
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
    const receiver = await receiverWith(host, { secrets: [secret] });
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
    const receiver = await receiverWith(host, { secrets: [secret] });
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
    const receiver = await receiverWith(host, { secrets: [secret] });
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
    const old = secretOf();
    const { id: subscription } = await subscribe(host, stage.receiver.url('/hook'), old);
    const current = await rotate(host, subscription);

    const id = await publish(host);
    const message = recorded(stage.receiver.requests[0]!);

    expect(headerOf(message, 'webhook-signature')).toMatch(/^v1,\S+ v1,\S+$/);
    for (const secrets of [[old], [current], [current, old]]) {
      memory = await database.fresh();
      const receiver = await receiverWith(host, { secrets });
      expect(await receiver.send(message)).toMatchObject({ status: 201 });
      expect(receiver.inbox.ids).toEqual([id]);
    }
    const stranger = await receiverWith(host, { secrets: [secretOf()] });
    expect(await stranger.send(message)).toMatchObject({ status: 401 });
  });

  it('of a rotating sender arrives before, during and after', async () => {
    const host = await stage.host();
    const old = secretOf();
    const first = await receiverWith(host, { secrets: [old] });
    const { id: subscription } = await subscribe(host, `${first.url}/hooks`, old);
    const before = await publish(host);

    const current = await rotate(host, subscription, 3_600);
    const during = await publish(host);
    const second = await receiverWith(host, { secrets: [current, old] });
    await host.subscriptions.update(subscription, { url: `${second.url}/hooks` });
    const both = await publish(host);
    host.clock.advance(3_601_000);
    const third = await receiverWith(host, { secrets: [current] });
    await host.subscriptions.update(subscription, { url: `${third.url}/hooks` });
    const after = await publish(host);

    expect([first.inbox.ids, second.inbox.ids, third.inbox.ids]).toEqual([[before, during], [both], [after]]);
    expect(await host.count('deliveries', `state = 'succeeded'`)).toBe(4);
  });

  it('signed with a private key is good for whoever knows the public one', async () => {
    const host = await stage.host();
    const { secrets, secret } = await host.subscriptions.create({
      url: stage.receiver.url('/hook'),
      signatures: ['v1', 'v1a'],
    });
    const publicKeys = secrets.flatMap(({ public_key }) => public_key ?? []);
    const id = await publish(host);
    const message = recorded(stage.receiver.requests[0]!);

    for (const keys of [{ publicKeys }, { secrets: [secret] }, { publicKeys, secrets: [secretOf()] }]) {
      memory = await database.fresh();
      const receiver = await receiverWith(host, keys);
      expect(await receiver.send(message)).toMatchObject({ status: 201 });
      expect(receiver.inbox.ids).toEqual([id]);
    }
    expect(headerOf(message, 'webhook-signature').split(' ')).toHaveLength(2);
    expect(publicKeys).toHaveLength(1);
  });
});
