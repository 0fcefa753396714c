/**
 * A host application in a process of its own, on the built package, that does what its parent says over the IPC channel
 * until it is ended, in whatever way. `FAULT_HOST`: `FaultHostOptions` and more, as JSON. What it tells by itself: `ready`, each
 * order whose transaction has committed, `draining` after SIGTERM, and `late` when it is still there a while after that.
 */
import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { ModulesContainer, NestFactory } from '@nestjs/core';
import { TypeOrmModule, getDataSourceToken } from '@nestjs/typeorm';
import { IsString } from 'class-validator';
import { BuildsWebhook, WebhookEvent, WebhookField, WebhooksModule, WebhooksService } from 'nestjs-webhooks';
import { dieAt } from './crash-points.mjs';
import { mutate } from './mutants.mjs';

const LATE_MS = 4_000;
const { database, key, name, dispatch, delivery, aheadMs, mutant, diesAt } = JSON.parse(
  process.env.FAULT_HOST,
);

class OrderCreated {}
IsString()(OrderCreated.prototype, 'order_id');
WebhookField({ example: 'A' })(OrderCreated.prototype, 'order_id');
WebhookEvent('OrderCreated')(OrderCreated);

class Milestones {
  async build(id) {
    return Object.assign(new OrderCreated(), { order_id: id });
  }
}
BuildsWebhook(OrderCreated)(
  Milestones.prototype,
  'build',
  Object.getOwnPropertyDescriptor(Milestones.prototype, 'build'),
);

/** Tells that the shutdown waits for what is under way: nothing more is begun from here on. */
class Farewell {
  beforeApplicationShutdown() {
    process.send({ reached: 'draining' });
    setTimeout(() => process.send({ reached: 'late' }), LATE_MS);
  }
}

class HostModule {}
Module({
  providers: [Farewell, Milestones],
  imports: [
    TypeOrmModule.forRoot(database),
    WebhooksModule.forRoot({
      dataSource: 'default',
      secrets: { current: key },
      egress: { allow: ['127.0.0.1/32'] },
      userAgent: name,
      dispatch,
      delivery,
    }),
    WebhooksModule.forFeature([OrderCreated]),
  ],
})(HostModule);

const app = await NestFactory.create(HostModule, { logger: false });
app.enableShutdownHooks();
const dataSource = app.get(getDataSourceToken());
const webhooks = app.get(WebhooksService);

/** A part of the module that is not exported. */
function part(wanted) {
  for (const { providers } of app.get(ModulesContainer).values()) {
    for (const [token, { instance }] of providers) if (token.name === wanted && instance) return instance;
  }
  throw new Error(`The host has no ${wanted}`);
}

// Replicas agree on the database's time, so one that is ahead finds the leases of the others expired.
part('Clock').offset = aheadMs;
if (mutant) mutate(mutant, part);
if (diesAt) dieAt(diesAt, { part, dataSource });
await app.init();

/** An order with its event, in one transaction; the parent learns of it once the transaction has committed. */
async function order(id, { rollBack = [], idempotencyKey } = {}) {
  const event = Object.assign(new OrderCreated(), { order_id: id });
  try {
    const published = await webhooks.transaction(async (manager) => {
      const result = await webhooks.publish(event, idempotencyKey ? { idempotencyKey } : {});
      await manager.query(
        `INSERT INTO test_orders (id, tenant, total) VALUES ('${id}', 'default', 1) ON CONFLICT DO NOTHING`,
      );
      if (rollBack.includes(id)) throw new Error('rolled back on purpose');
      return result;
    });
    process.send({ committed: id });
    return published;
  } catch (error) {
    if (rollBack.includes(id)) return undefined;
    throw error;
  }
}

/** An order that falls due at once, in one transaction with its row. */
async function scheduled(id) {
  await webhooks.transaction(async (manager) => {
    await manager.query(`INSERT INTO test_orders (id, tenant, total) VALUES ('${id}', 'default', 1)`);
    await webhooks.schedule(OrderCreated, { key: id, at: new Date(0) });
  });
  process.send({ committed: id });
}

const realNow = Date.now;

/** Sets the clock of this process; what it measures by, `performance.now()`, goes on as it does on a real machine. */
function jump(ms) {
  Date.now = () => realNow() + ms;
}

function block(ms) {
  for (const end = performance.now() + ms; performance.now() < end;);
}

/** One look, and what it brings is ready to be sent. */
async function look() {
  const dispatcher = part('Dispatcher');
  await dispatcher.sweeper.sweepAnew();
  await Promise.all(dispatcher.underWay);
}

const COMMANDS = {
  publish: ({ ids, ...options }) => Promise.all(ids.map((id) => order(id, options))),
  publishOutside: ({ ids, idempotencyKey }) =>
    Promise.all(
      ids.map((id) =>
        webhooks.publish(Object.assign(new OrderCreated(), { order_id: id }), { idempotencyKey }),
      ),
    ),
  schedule: ({ ids }) => Promise.all(ids.map(scheduled)),
  orders: async () => (await dataSource.query('SELECT id FROM test_orders ORDER BY id')).map(({ id }) => id),
  drain: () => webhooks.drain(),
  look,
  block: ({ ms }) => block(ms),
  jump: ({ ms }) => jump(ms),
};

process.on('message', async ({ id, command, input }) => {
  try {
    const result = await COMMANDS[command](input);
    process.send({ id, result });
  } catch (error) {
    process.send({ id, error: String(error?.stack ?? error) });
  }
});
process.on('disconnect', () => process.exit());
process.send({ ready: true });
