import type { EntityManager } from 'typeorm';
import { describeDatabases } from '../support/databases.js';
import type { Host } from '../support/host.js';
import { OrderCreated, OrderEntity } from '../support/order-events.js';
import { useStage } from '../support/stage.js';

/** A business row and its event, in the transaction that the caller is in. */
async function book(host: Host, manager: EntityManager, id: string): Promise<void> {
  await manager.insert(OrderEntity, { id, tenant: 'default', total: 1 });
  await host.webhooks.publish(OrderCreated.of(id), { manager });
}

const failing = async (work: Promise<unknown>): Promise<void> => {
  await expect(work).rejects.toThrow('no seats left');
};

/** On PostgreSQL an INSERT is a commit; on SQLite each commit is a synchronous transaction of many. */
function writesOfEvents(statements: readonly string[]): number {
  const commits = statements.some((sql) => sql.startsWith('BEGIN IMMEDIATE'))
    ? statements.join('\n').split('BEGIN IMMEDIATE')
    : statements;
  return commits.filter((sql) => sql.includes('INSERT INTO "webhooks_events"')).length;
}

function noSeats(): never {
  throw new Error('no seats left');
}

describeDatabases('publishing in a transaction', (database) => {
  const stage = useStage(database);

  it('drops what a nested manager.transaction published before its rollback, and keeps the rest', async () => {
    const host = await stage.host();
    await stage.subscribe(host);

    await host.webhooks.transaction(async (manager) => {
      await book(host, manager, 'before');
      await failing(
        manager.transaction(async (nested) => {
          await book(host, nested, 'inside');
          await nested.transaction((deeper) => book(host, deeper, 'deeper'));
          noSeats();
        }),
      );
      await manager.transaction((nested) => book(host, nested, 'released'));
      await book(host, manager, 'after');
    });

    expect(await stage.arrivedOrders(host)).toEqual(['after', 'before', 'released']);
    expect(await host.orders()).toEqual(['after', 'before', 'released']);
  });

  it('drops what a nested webhooks.transaction published before its rollback', async () => {
    const host = await stage.host();
    await stage.subscribe(host);

    await host.webhooks.transaction(async (manager) => {
      await book(host, manager, 'A');
      await failing(
        host.webhooks.transaction(async (nested) => {
          await nested.insert(OrderEntity, { id: 'B', tenant: 'default', total: 1 });
          await host.webhooks.publish(OrderCreated.of('B'));
          noSeats();
        }),
      );
      await host.webhooks.transaction((nested) => book(host, nested, 'C'));
    });

    expect(await stage.arrivedOrders(host)).toEqual(['A', 'C']);
    expect(await host.orders()).toEqual(['A', 'C']);
  });

  it('drops what a released savepoint published when the transaction rolls back', async () => {
    const host = await stage.host();
    await stage.subscribe(host);

    await failing(
      host.webhooks.transaction(async (manager) => {
        await manager.transaction((nested) => book(host, nested, 'A'));
        noSeats();
      }),
    );

    expect(await stage.arrivedOrders(host)).toEqual([]);
    expect(await host.count('events')).toBe(0);
  });

  it("takes part in the host's own dataSource.transaction when given its manager", async () => {
    const host = await stage.host();
    await stage.subscribe(host);

    await host.dataSource.transaction((manager) => book(host, manager, 'A'));
    await failing(
      host.dataSource.transaction(async (manager) => {
        await book(host, manager, 'B');
        noSeats();
      }),
    );

    expect(await stage.arrivedOrders(host)).toEqual(['A']);
    expect(await host.orders()).toEqual(['A']);
  });

  it("takes part in the transaction of a host's query runner", async () => {
    const host = await stage.host();
    await stage.subscribe(host);
    const runner = host.dataSource.createQueryRunner();

    await runner.startTransaction();
    await book(host, runner.manager, 'A');
    await runner.commitTransaction();
    await runner.startTransaction();
    await book(host, runner.manager, 'B');
    await runner.rollbackTransaction();
    await runner.release();

    expect(await stage.arrivedOrders(host)).toEqual(['A']);
  });

  it('finds the transaction through the option currentManager', async () => {
    let current: EntityManager | undefined;
    const host = await stage.host({ webhooks: { currentManager: () => current } });
    await stage.subscribe(host);

    await failing(
      host.dataSource.transaction(async (manager) => {
        current = manager;
        await host.webhooks.publish(OrderCreated.of('A'));
        noSeats();
      }),
    );
    await host.dataSource.transaction(async (manager) => {
      current = manager;
      await host.webhooks.publish(OrderCreated.of('B'));
    });
    // The host's context still holds the manager of a transaction that is over.
    await host.webhooks.publish(OrderCreated.of('C'));

    expect(await stage.arrivedOrders(host)).toEqual(['B', 'C']);
  });

  it('refuses a manager that is in no transaction', async () => {
    const host = await stage.host();

    const publish = host.webhooks.publish(OrderCreated.of('A'), { manager: host.dataSource.manager });

    await expect(publish).rejects.toMatchObject({ code: 'PUBLISH_OUTSIDE_TRANSACTION' });
    expect(await host.count('events')).toBe(0);
  });

  it('refuses the manager of a transaction that is over', async () => {
    const host = await stage.host();
    const manager = await host.webhooks.transaction(async (given) => given);

    const publish = host.webhooks.publish(OrderCreated.of('A'), { manager });

    await expect(publish).rejects.toMatchObject({ code: 'PUBLISH_OUTSIDE_TRANSACTION' });
    expect(await host.count('events')).toBe(0);
  });

  it('publishes on its own what is published after the transaction it was started in', async () => {
    const host = await stage.host();
    await stage.subscribe(host);
    let publishLater: (() => Promise<unknown>) | undefined;

    const later = new Promise<void>((resolve, reject) => {
      const work = host.webhooks.transaction(async () => {
        const waiting = new Promise<void>((open) => (publishLater = async () => open()));
        waiting.then(() => host.webhooks.publish(OrderCreated.of('A'))).then(() => resolve(), reject);
      });
      work.then(() => publishLater!()).catch(reject);
    });
    await later;

    expect(await stage.arrivedOrders(host)).toEqual(['A']);
  });

  it('takes along what was published without waiting for it', async () => {
    const host = await stage.host();
    await stage.subscribe(host);
    const published: Promise<unknown>[] = [];

    await host.webhooks.transaction(async () => {
      published.push(host.webhooks.publish(OrderCreated.of('A')));
      published.push(host.webhooks.publish(OrderCreated.of('B'), { idempotencyKey: 'B' }));
    });
    await Promise.all(published);

    expect(await stage.arrivedOrders(host)).toEqual(['A', 'B']);
  });

  it('delivers exactly the committed ones of many concurrent transactions', async () => {
    const host = await stage.host();
    await stage.subscribe(host);
    const ids = Array.from({ length: 20 }, (_, n) => `A${String(n).padStart(2, '0')}`);

    const outcomes = await Promise.allSettled(
      ids.map((id, n) => {
        const transactions = n % 2 === 0 ? host.webhooks : host.dataSource;
        return transactions.transaction(async (manager) => {
          await book(host, manager, id);
          await manager.find(OrderEntity);
          if (n % 3 === 0) noSeats();
        });
      }),
    );

    const committed = ids.filter((_, n) => outcomes[n]!.status === 'fulfilled');
    expect(committed).toEqual(ids.filter((_, n) => n % 3 !== 0));
    expect(await host.orders()).toEqual(committed);
    expect(await stage.arrivedOrders(host)).toEqual(committed);
  });
});

describeDatabases('publishing outside of a transaction', (database) => {
  const stage = useStage(database);

  it('resolves when the event is stored', async () => {
    const host = await stage.host();

    const { id, duplicate } = await host.webhooks.publish(OrderCreated.of('A'));

    expect(await host.count('events', `id = '${id}'`)).toBe(1);
    expect(id).toMatch(/^evt_[0-9a-z]+$/i);
    expect(duplicate).toBe(false);
  });

  it('stores 300 concurrent ones in few commits, and all arrive', async () => {
    const statements: string[] = [];
    const host = await stage.host({ onStatement: (sql) => statements.push(sql) });
    await stage.subscribe(host);
    const ids = Array.from({ length: 300 }, (_, n) => `A${String(n).padStart(3, '0')}`);

    await Promise.all(ids.map((id) => host.webhooks.publish(OrderCreated.of(id))));

    expect(writesOfEvents(statements)).toBeLessThanOrEqual(4);
    expect(await stage.arrivedOrders(host)).toEqual(ids);
  });

  it('lets one that the database refuses fail alone', async () => {
    const host = await stage.host();
    await stage.subscribe(host);
    await host.webhooks.publish(OrderCreated.of('A'));
    await host.dataSource.query('CREATE UNIQUE INDEX one_each ON webhooks_events (subject)');

    const outcomes = await Promise.allSettled(
      ['B', 'A', 'C'].map((id) => host.webhooks.publish(OrderCreated.of(id))),
    );

    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await stage.arrivedOrders(host)).toEqual(['A', 'B', 'C']);
  });
});
