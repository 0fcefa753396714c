/**
 * What publishing adds to a transaction. One connection and one caller; the variants take turns in blocks, so that each meets the
 * same machine.
 */
import { DataSource } from 'typeorm';
import { BUSINESS_TABLE, businessInserts, durable, openHost } from '../support/host-app.mjs';
import { orderTicketed } from '../support/order-event.mjs';

const BLOCK = 50;

let number = 0;

const VARIANTS = {
  /** The transaction alone, in an application without the module. */
  plain: ({ plain }, event) => inTransaction(plain, event, () => undefined),

  /** The same with one more INSERT, of a row as large as the event. */
  secondInsert: ({ plain }, event) =>
    inTransaction(plain, event, (manager) =>
      manager.query(plain.inserts.large, [`${event.agw_id}-2`, JSON.stringify(event)]),
    ),

  /** The same with the event instead, in a process that only publishes. */
  publish: ({ publisher }, event) => publishing(publisher, event, { subject: null }),

  /** … with an event that is numbered within its subject. */
  subject: ({ publisher }, event) => publishing(publisher, event),

  /** The same two in a process that also dispatches, with nobody subscribed: the event is closed in the background. */
  publishAndClose: ({ host }, event) => publishing(host, event, { subject: null }),
  subjectAndClose: ({ host }, event) => publishing(host, event),
};

function publishing(target, event, options) {
  return inTransaction(target, event, (manager) => target.webhooks.publish(event, { ...options, manager }));
}

function inTransaction({ dataSource, inserts }, event, more) {
  return dataSource.transaction(async (manager) => {
    await manager.query(inserts.plain, [event.agw_id]);
    await more(manager);
  });
}

// Not always in the same order: what one leaves to the disk, the next one pays.
function shuffled(entries) {
  return entries
    .map((entry) => ({ entry, at: Math.random() }))
    .sort((left, right) => left.at - right.at)
    .map(({ entry }) => entry);
}

async function openPlain(database) {
  const dataSource = await new DataSource(durable(database)).initialize();
  await dataSource.query(BUSINESS_TABLE);
  return { dataSource, inserts: businessInserts(dataSource), close: () => dataSource.destroy() };
}

/** Statements of a transaction with so many events, from its first one to its COMMIT (PostgreSQL). */
async function statementsWith({ dataSource, inserts, webhooks }, events) {
  let statements = 0;
  let restore;
  await dataSource.transaction(async (manager) => {
    const connection = await manager.queryRunner.connect();
    const { query } = connection;
    connection.query = (...args) => {
      statements++;
      return query.apply(connection, args);
    };
    restore = () => delete connection.query;
    await manager.query(inserts.plain, [`COUNTED-${number++}`]);
    for (let each = 0; each < events; each++) {
      await webhooks.publish(orderTicketed(`AGW-${number++}`), { manager });
    }
  });
  restore();
  return statements;
}

export async function open({ plain, publisher, host }) {
  const targets = {
    plain: await openPlain(plain),
    publisher: await openHost({ database: publisher, dispatch: false }),
    host: await openHost({ database: host }),
  };

  const block = async (run) => {
    const startedAt = performance.now();
    for (let each = 0; each < BLOCK; each++) await run(targets, orderTicketed(`AGW-${number++}`));
    const spent = performance.now() - startedAt;
    // What still goes on in the background is not the next one's cost.
    await targets.host.webhooks.drain();
    return spent;
  };

  return {
    /** Microseconds for one transaction of each variant. */
    async measure(count) {
      const spent = Object.fromEntries(Object.keys(VARIANTS).map((name) => [name, 0]));
      for (let done = 0; done < count; done += BLOCK) {
        for (const [name, run] of shuffled(Object.entries(VARIANTS))) spent[name] += await block(run);
      }
      const blocks = Math.ceil(count / BLOCK);
      return Object.fromEntries(
        Object.entries(spent).map(([name, ms]) => [name, (ms * 1000) / (blocks * BLOCK)]),
      );
    },

    /** How many statements publishing adds to a transaction, by the number of events. */
    async addedStatements(counts) {
      const without = await statementsWith(targets.host, 0);
      const added = {};
      for (const count of counts) added[count] = (await statementsWith(targets.host, count)) - without;
      return added;
    },

    async close() {
      await targets.plain.close();
      await targets.publisher.close();
      await targets.host.close();
    },
  };
}
