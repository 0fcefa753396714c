import type { SubscriptionInput } from 'nestjs-webhooks';
import { describeDatabases } from '../../support/databases.js';
import type { HostOptions } from '../../support/host.js';
import { partOf } from '../../support/internals.js';
import { OrderCreated } from '../../support/order-events.js';
import type { Break, FaultyHost } from './database-scene.js';
import { CLEAN, orderIds, useDatabaseScene } from './database-scene.js';

const RETRIES: SubscriptionInput = { limits: { retry_schedule: [10, 10, 10] } };
/** Beyond the first wait, jitter included, and not beyond a lease. */
const RETRY_MS = 13_000;
/** Beyond both. */
const LATER_MS = 61_000;
const CLAIM = /fence = t\.fence \+ 1 /;
const SETTLING = /INSERT INTO "webhooks_attempts"/;
const NEVER_LEFT_ALONE: HostOptions = { webhooks: { health: { failureThreshold: 1_000 } } };
const GOOD = orderIds('good', 12);

interface Attempter {
  attempt(delivery: unknown, subscription: unknown): Promise<{ attempt: { error: string | null } }>;
}

/** The mutant: what cannot be sent is thrown, and not put on record. */
const throwsWhatCannotBeSent: Break = (host) => {
  const { attempter } = partOf<{ parts: { attempter: Attempter } }>(host, 'Dispatcher').parts;
  const attempt = attempter.attempt.bind(attempter);
  attempter.attempt = async (delivery, subscription) => {
    const report = await attempt(delivery, subscription);
    const code = report.attempt.error;
    if (code !== null && code !== 'HTTP_STATUS') throw new Error(code);
    return report;
  };
};

describeDatabases('an event that cannot be rendered', (database) => {
  const scene = useDatabaseScene(database);

  /** One among good ones: how it is shown in the end, and what became of the others. */
  async function play(breakIt?: Break) {
    const host = await scene.host();
    breakIt?.(host);
    const header = { 'x-pnr': '{{pnr}}' };
    await scene.subscribe(host, { ...RETRIES, http_request: { url: scene.receiver.url(), header } });
    const poison = Object.assign(OrderCreated.of('poison'), { pnr: 'a\nb' });
    const { id } = await host.webhooks.publish(poison);
    await scene.placeAll(host, GOOD);
    const verdict = await scene.verdict(host);
    for (let n = 0; n < 3; n++) await scene.verdict(host, LATER_MS);
    return { verdict, shown: await scene.deliveriesOf(host, id) };
  }

  it('fails at once, visibly and for good, and the others arrive', async () => {
    const { verdict, shown } = await play();
    expect(verdict).toEqual(CLEAN);
    expect(shown).toMatchObject([{ state: 'failed', attempts: 1, last_error: 'HEADER_VALUE_INVALID' }]);
  });

  it('is tried for ever, and nobody sees it, were it thrown', async () => {
    const { shown } = await play(throwsWhatCannotBeSent);
    expect(shown).toEqual(shown.filter(({ state, attempts }) => state === 'pending' && attempts === 0));
  });
});

describeDatabases('a subscription that cannot be decrypted', (database) => {
  const scene = useDatabaseScene(database);

  /** The mutant: a damaged subscription is thrown instead of being read as far as it goes. */
  const throwsDamagedOnes: Break = (host) => {
    interface Index {
      readonly codec: { open(record: unknown): { problem: Error | null } };
      known: Map<string, unknown>;
      invalidate(): void;
    }
    const index = partOf<Index>(host, 'SubscriptionIndex');
    index.known = new Map();
    index.invalidate();
    const { codec } = index;
    const open = codec.open.bind(codec);
    codec.open = (record) => {
      const subscription = open(record);
      if (subscription.problem) throw subscription.problem;
      return subscription;
    };
  };

  async function play(column: string, breakIt?: Break) {
    const maker = await scene.host({ webhooks: { dispatch: false } });
    const { id: damaged } = await scene.subscribe(maker, RETRIES);
    await scene.subscribe(maker, { url: scene.receiver.url('/healthy') });
    await maker.dataSource.query(
      `UPDATE webhooks_subscriptions SET ${column} = replace(${column}, 'v1.', 'v1.gone') WHERE id = '${damaged}'`,
    );
    const host = await scene.host(NEVER_LEFT_ALONE);
    breakIt?.(host);
    const { id } = await host.webhooks.publish(OrderCreated.of('first'));
    await scene.placeAll(host, GOOD);
    return { host, id };
  }

  it('is shown with every delivery until its schedule is over, and the others get everything', async () => {
    const { host, id } = await play('secrets');
    expect(await scene.verdict(host)).toEqual(CLEAN);
    for (let n = 0; n < 6; n++) await scene.verdict(host, LATER_MS);

    const [shown] = (await scene.deliveriesOf(host, id)).filter(({ last_error }) => last_error);
    expect(shown).toMatchObject({ state: 'exhausted', attempts: 4, last_error: 'SECRET_UNDECRYPTABLE' });
    expect(scene.receiver.requests.every(({ path }) => path === '/healthy')).toBe(true);
  });

  it('stops everybody, were it thrown', async () => {
    const { host } = await play('secrets', throwsDamagedOnes);
    const orders = await host.orders();
    await host.webhooks.drain().catch(() => undefined);
    expect([scene.receiver.requests, orders]).toEqual([[], [...GOOD].sort()]);
  });
});

describeDatabases('an event whose row is damaged', (database) => {
  const scene = useDatabaseScene(database);

  /** The mutant: nobody looks at what the row holds. */
  const believesTheRow: Break = (host) => {
    interface Event {
      isUnchecked?: true;
    }
    const store = partOf<{ load(ids: unknown): Promise<Map<string, Event>> }>(host, 'EventStore');
    const load = store.load.bind(store);
    store.load = async (ids) => {
      const events = await load(ids);
      for (const event of events.values()) delete event.isUnchecked;
      return events;
    };
  };

  async function play(data: string, breakIt?: Break) {
    const maker = await scene.host({ webhooks: { dispatch: false } });
    const host = await scene.host();
    breakIt?.(host);
    await host.webhooks.stopDeliveries();
    await scene.subscribe(host, { ...RETRIES, filter: { total: { $gt: 0 } } });
    const { id } = await maker.webhooks.publish(OrderCreated.of('poison'));
    await maker.dataSource.query(`UPDATE webhooks_events SET data = '${data}' WHERE id = '${id}'`);
    await scene.placeAll(maker, GOOD);
    await host.webhooks.startDeliveries();
    const verdict = await scene.verdict(host);
    await scene.verdict(host, LATER_MS);
    return { verdict, shown: await scene.deliveriesOf(host, id) };
  }

  it.each(['{"order_id":"poi', ' ', '[]', 'null', '"text"'])(
    'to be %j fails visibly, and the others arrive',
    async (data) => {
      const { verdict, shown } = await play(data);
      expect(verdict).toEqual(CLEAN);
      expect(shown).toMatchObject([{ state: 'failed', attempts: 1, last_error: 'EVENT_UNREADABLE' }]);
    },
  );

  it('takes the others of its batch with it, were the row believed', async () => {
    const { verdict, shown } = await play('{"order_id":"poi', believesTheRow);
    expect([verdict.lost, shown]).toEqual([[...GOOD].sort(), []]);
  });
});

describeDatabases('a delivery whose event somebody has deleted', (database) => {
  const scene = useDatabaseScene(database);

  /** The mutant: what has no event is passed over. */
  const passesOver: Break = (host) => {
    partOf<{ hold(): Promise<void> }>(host, 'DeliveryStore').hold = async () => undefined;
  };

  async function play(breakIt?: Break) {
    const host = await scene.host();
    breakIt?.(host);
    const { id: subscription } = await scene.subscribe(host, RETRIES);
    await host.subscriptions.pause(subscription);
    const { id } = await host.webhooks.publish(OrderCreated.of('deleted'));
    await scene.placeAll(host, GOOD);
    await host.webhooks.drain();
    await host.dataSource.query(`DELETE FROM webhooks_events WHERE id = '${id}'`);
    await host.subscriptions.resume(subscription);
    const verdict = await scene.verdict(host);
    await scene.verdict(host, LATER_MS);
    return { verdict, shown: await scene.deliveriesOf(host, id) };
  }

  it('fails visibly, and the others arrive', async () => {
    const { verdict, shown } = await play();
    expect(verdict).toEqual(CLEAN);
    expect(shown).toMatchObject([{ state: 'failed', last_error: 'EVENT_MISSING' }]);
  });

  it('is looked for ever again, were it passed over', async () => {
    const { shown } = await play(passesOver);
    expect(shown).toMatchObject([{ state: 'pending', last_error: null }]);
  });
});

describeDatabases('an outcome that the database refuses', (database) => {
  const scene = useDatabaseScene(database);

  /** A constraint of the host's, or of its data protection officer's, on the table of attempts. */
  async function refuse(host: FaultyHost, condition: string): Promise<void> {
    const on = `BEFORE INSERT ON webhooks_attempts FOR EACH ROW WHEN (${condition})`;
    const statements =
      database.name === 'sqlite'
        ? [`CREATE TRIGGER fussy ${on} BEGIN SELECT RAISE(ABORT, 'not here'); END`]
        : [
            `CREATE FUNCTION fussy() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'not here'; END $$`,
            `CREATE TRIGGER fussy ${on} EXECUTE FUNCTION fussy()`,
          ];
    for (const statement of statements) await host.dataSource.query(statement);
  }

  /** The mutant: the database is taken to be away. */
  const retriesTheWholeBatch: Break = (host) => {
    const store = partOf<{ settle(batch: unknown): Promise<unknown> }>(host, 'DeliveryStore');
    const settle = store.settle.bind(store);
    store.settle = (batch) =>
      settle(batch).catch((error: unknown) => Promise.reject(new Error(String(error))));
  };

  /** Every first attempt fails: without a record there is no second one. */
  async function play(breakIt?: Break) {
    const host = await scene.host(NEVER_LEFT_ALONE);
    breakIt?.(host);
    await refuse(host, `NEW.request LIKE '%poison%'`);
    const seen = new Set<string>();
    scene.receiver.answerBy(({ orderId }) => (seen.size === seen.add(orderId).size ? 204 : 500));
    const http_request = { url: scene.receiver.url('/hook/{{order_id}}') };
    await scene.subscribe(host, { ...RETRIES, http_request });
    const { id } = await host.webhooks.publish(OrderCreated.of('poison'));
    await scene.placeAll(host, GOOD);
    await scene.receiver.arrived(1 + GOOD.length);
    return { host, id };
  }

  it('is recorded without what is refused of it, and the others as they are', async () => {
    const { host, id } = await play();
    await scene.verdict(host);
    expect(await scene.deliveriesOf(host, id)).toMatchObject([
      { state: 'pending', attempts: 1, last_status: 500, last_error: 'RECORD_REFUSED' },
    ]);
    expect(await scene.verdict(host, RETRY_MS)).toEqual(CLEAN);
    expect(await scene.deliveriesOf(host, id)).toMatchObject([{ state: 'succeeded', attempts: 2 }]);
    expect(host.logger.of('error').filter((line) => line.includes('without its texts'))).toHaveLength(2);
  });

  it('keeps the others from ever being recorded, were the whole batch repeated', async () => {
    const { host } = await play(retriesTheWholeBatch);
    const looked = host.tap.ran(CLAIM);
    host.clock.advance(RETRY_MS);
    await looked;
    await host.tap.ran(SETTLING);
    expect(scene.receiver.requests.filter(({ succeeded }) => succeeded)).toEqual([]);
    const table = database.name === 'sqlite' ? '' : 'ON webhooks_attempts';
    await host.dataSource.query(`DROP TRIGGER fussy ${table}`);
  });
});

describeDatabases('a body with half of a character', (database) => {
  const scene = useDatabaseScene(database);

  it('is sent again as the very same bytes', async () => {
    const host = await scene.host();
    const raw_body = '{"data":{"order_id":"{{order_id}}","pnr":"{{pnr}}"}}';
    const http_request = { url: scene.receiver.url(), raw_body, content_type: 'application/json' };
    await scene.subscribe(host, { ...RETRIES, http_request });
    const answers = [500, 204];
    scene.receiver.answerBy(() => answers.shift()!);

    await host.webhooks.publish(Object.assign(OrderCreated.of('half'), { pnr: 'x\ud83d' }));
    await host.webhooks.drain();
    await scene.verdict(host, LATER_MS);

    const [first, second] = scene.receiver.requests;
    expect(second?.body).toBe(first!.body);
    expect(host.logger.of('error')).toEqual([]);
  });
});
