import { ChildHost } from '../support/child-host.js';
import { CountingReceiver } from '../support/counting-receiver.js';
import { describeDatabases } from '../support/databases.js';
import { OrderCreated } from '../support/order-events.js';
import { useStage } from '../support/stage.js';

const EVENTS = 20_000;
const SUBSCRIPTIONS = 20;
const BATCH = 1_000;
/** Of the deliveries, what each of two processes makes at least. */
const FAIR_SHARE = 0.35;

describeDatabases(
  'two operating-system processes',
  (database) => {
    const stage = useStage(database);
    let receiver: CountingReceiver;

    beforeEach(async () => (receiver = await CountingReceiver.start()));
    afterEach(() => receiver.close());

    it('share 20,000 events: none is lost, none is sent twice, each sends a fair part', async () => {
      const publisher = await stage.host({ webhooks: { dispatch: false } });
      for (let n = 0; n < SUBSCRIPTIONS; n++) {
        await stage.subscribe(publisher, { url: receiver.url(`/${n}`), tenant: `tenant-${n}` });
      }
      const all = receiver.arrived(EVENTS);
      const workers = await Promise.all(
        ['first', 'second'].map((name) => ChildHost.start(name, stage.options)),
      );

      for (let from = 0; from < EVENTS; from += BATCH) {
        const batch = Array.from({ length: BATCH }, (_, n) => ({
          event: OrderCreated.of(`order-${from + n}`),
          tenant: `tenant-${n % SUBSCRIPTIONS}`,
        }));
        await publisher.webhooks.publishMany(batch);
      }
      await all;
      for (const worker of workers) await worker.end();

      expect(receiver.messages.size).toBe(EVENTS);
      expect(receiver.duplicates).toBe(0);
      const shares = ['first', 'second'].map((name) => (receiver.senders.get(name) ?? 0) / EVENTS);
      expect(Math.min(...shares)).toBeGreaterThanOrEqual(FAIR_SHARE);
      expect(await publisher.count('deliveries', `state = 'succeeded' AND attempts = 1`)).toBe(EVENTS);
      expect(await publisher.count('events', 'due_at IS NULL')).toBe(EVENTS);
    });
  },
  'postgres',
);
