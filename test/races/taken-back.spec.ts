import { DeliveriesService, EventsService } from 'nestjs-webhooks';
import { describeDatabases } from '../support/databases.js';
import { OrderCreated } from '../support/order-events.js';
import type { Racer } from '../support/race.js';
import { useRace } from '../support/race.js';

const LOADING = /FROM "webhooks_events" WHERE id IN/;
const REOPENING = /priority = 0, step = 0/;
const SUBSCRIPTIONS = /AS set_version/;
const FAN_OUT = /INSERT INTO "webhooks_deliveries"/;

describeDatabases('what is taken back while it is on its way to be sent', (database) => {
  const race = useRace(database);
  const delivery = { retrySchedule: [1_000, 1_000, 1_000] };

  const host = (): Promise<Racer> => race.host({ webhooks: { delivery } });
  const expunge = (on: Racer): Promise<unknown> =>
    only(on, 'events').then((id) => on.get(EventsService).expunge(id));
  const cancel = (on: Racer): Promise<unknown> =>
    only(on, 'deliveries').then((id) => on.get(DeliveriesService).cancel(id));

  async function only(on: Racer, table: string): Promise<string> {
    const [row] = (await on.dataSource.query(`SELECT id FROM webhooks_${table}`)) as [{ id: string }];
    return row.id;
  }

  /** A delivery whose first attempt has failed. */
  async function failedOnce(): Promise<Racer> {
    const sender = await host();
    await race.stage.subscribe(sender, { url: race.receiver.url() });
    await sender.webhooks.publish(OrderCreated.of('A'));
    (await race.receiver.next()).answer(500);
    await sender.webhooks.drain();
    return sender;
  }

  it.each([
    ['canceled', cancel],
    ['expunged', expunge],
  ])('is not sent when it is %s after a look has leased it', async (_how, takeBack) => {
    const sender = await failedOnce();
    sender.clock.advance(2_000);
    const loading = sender.tap.holdAnswer(LOADING);
    const done = sender.webhooks.drain();
    await loading.reached;

    await takeBack(sender);
    loading.open();

    expect(await race.receiver.nextBefore(done)).toBeUndefined();
  });

  it('is not sent again by hand when it is canceled meanwhile', async () => {
    const sender = await failedOnce();
    const id = await only(sender, 'deliveries');
    const opening = sender.tap.holdAnswer(REOPENING);
    const resending = sender.get(DeliveriesService).resend(id);
    await opening.reached;

    await cancel(sender);
    opening.open();
    await resending;

    expect(await race.receiver.nextBefore(sender.webhooks.drain())).toBeUndefined();
  });

  it('is not sent when its event is expunged while the subscriptions are read', async () => {
    const sender = await host();
    const { id } = await race.stage.subscribe(sender, { url: race.receiver.url() });
    await sender.webhooks.drain();
    await sender.subscriptions.update(id, { description: 'read them again' });
    const reading = sender.tap.holdAnswer(SUBSCRIPTIONS);
    await sender.webhooks.publish(OrderCreated.of('A'));
    await reading.reached;

    await expunge(sender);
    reading.open();

    expect(await race.receiver.nextBefore(sender.webhooks.drain())).toBeUndefined();
  });

  it('is not sent when its event is expunged while its row is written', async () => {
    const sender = await host();
    await race.stage.subscribe(sender, { url: race.receiver.url() });
    // With somebody who is served in order, everybody's rows are written first.
    await race.stage.subscribe(sender, {
      url: race.receiver.url('/ordered'),
      event_types: ['OrderCanceled'],
      ordering: 'subject',
    });
    await sender.webhooks.drain();
    const writing = sender.tap.holdAnswer(FAN_OUT);
    await sender.webhooks.publish(OrderCreated.of('A'));
    await writing.reached;

    await expunge(sender);
    writing.open();

    expect(await race.receiver.nextBefore(sender.webhooks.drain())).toBeUndefined();
  });
});
