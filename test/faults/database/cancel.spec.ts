import { DeliveriesService } from 'nestjs-webhooks';
import { describeDatabases } from '../../support/databases.js';
import { partOf } from '../../support/internals.js';
import { OrderCanceled, OrderCreated } from '../../support/order-events.js';
import type { Statement } from '../../support/statement-tap.js';
import type { FaultyHost } from './database-scene.js';
import { useDatabaseScene } from './database-scene.js';

const CANCELING = /state = 'canceled'/;

interface Database {
  run(statements: readonly Statement[]): Promise<unknown>;
}

/** The process dies as soon as the delivery is canceled; `inParts`: a mutant that takes a step for every statement. */
function diesAfterCanceling(host: FaultyHost, inParts: boolean): Promise<void> {
  const database = partOf<Database>(host, 'Database');
  const run = database.run.bind(database);
  const never = new Promise<never>(() => undefined);
  return new Promise((resolve) => {
    database.run = async (statements) => {
      const at = statements.findIndex(({ sql }) => CANCELING.test(sql));
      const result = await run(at !== -1 && inParts ? statements.slice(0, at + 1) : statements);
      if (at === -1) return result;
      database.run = () => never;
      resolve();
      return never;
    };
  });
}

describeDatabases('a process that dies when it has canceled a delivery', (database) => {
  const scene = useDatabaseScene(database);

  /** The first of a subject fails and is canceled: does another process send the second one? */
  async function secondIsSent(inParts: boolean): Promise<boolean> {
    const other = await scene.host();
    const dying = await scene.host({ webhooks: { dispatch: false } });
    await scene.subscribe(other, {
      ordering: 'subject',
      event_types: ['OrderCreated', 'OrderCanceled'],
      limits: { retry_schedule: [3_600] },
    });
    scene.receiver.answerBy(() => 500);
    const { id } = await other.webhooks.publish(OrderCreated.of('A'));
    await other.webhooks.publish(OrderCanceled.of('A'));
    await other.webhooks.drain();
    const [first] = await scene.deliveriesOf(other, id);

    const died = diesAfterCanceling(dying, inParts);
    void dying.get(DeliveriesService).cancel(first!.id);
    await died;
    scene.receiver.answerBy(() => 204);
    await scene.verdict(other, 86_400_000);
    return scene.receiver.requests.some(({ succeeded }) => succeeded);
  }

  it('has let the next of its subject go, which another one sends', async () => {
    expect(await secondIsSent(false)).toBe(true);
  });

  it('would leave it waiting for ever, were that another step', async () => {
    expect(await secondIsSent(true)).toBe(false);
  });
});
