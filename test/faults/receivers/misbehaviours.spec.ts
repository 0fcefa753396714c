import { describeDatabases } from '../../support/databases.js';
import type { Case } from './misbehaviour-cases.js';
import { CASES } from './misbehaviour-cases.js';
import { CLEAN } from './order-book.js';
import { RETRY_MS, useWard } from './ward.js';

/** In flight at once to an endpoint of which nothing is known. */
const ORDERS = ['A', 'B'];
/** Long enough for whoever answers at all, on a machine that has much to do. */
const IMPATIENT = { timeout: 2_500 };

describeDatabases('a receiver', (database) => {
  const ward = useWard(database);

  /** One attempt of each delivery, while the receiver misbehaves. */
  const fault = async ({ behaviour, hangs }: Case): Promise<void> => {
    await ward.admit(hangs ? IMPATIENT : {});
    if (behaviour === 'refuse') await ward.sick.refuse();
    else ward.sick.answer('/hook', behaviour);
    await ward.book.takeBack('R');
    await ward.book.commit(...ORDERS);
    await ward.healthy.waitFor(ORDERS.length);
    await ward.host.webhooks.drain();
  };

  const recover = async ({ behaviour }: Case): Promise<void> => {
    if (behaviour === 'refuse') await ward.sick.accept();
    ward.sick.answer('/hook', 204);
  };

  it.each(Object.entries(CASES))(
    'that %s loses nothing: it is on record, tried again when it is due, and its neighbour notices nothing',
    async (_name, fallen) => {
      await fault(fallen);
      const { recorded, taken } = fallen;
      const once = ORDERS.map(() => expect.objectContaining({ ...recorded, attempts: 1 }) as unknown);
      expect(await ward.deliveries()).toEqual(once);
      await recover(fallen);
      const before = ward.sick.requests.length;

      await ward.after(0.6 * RETRY_MS);
      expect(ward.sick.requests).toHaveLength(before);
      await ward.after(0.65 * RETRY_MS);

      const { lost, phantoms, duplicates } = await ward.book.verdict(ward.sick);
      expect([lost, phantoms]).toEqual([[], []]);
      expect(duplicates).toHaveLength(taken ? ORDERS.length : 0);
      expect(ward.sick.requestsTo('/elsewhere')).toHaveLength(0);
      expect(await ward.book.verdict(ward.healthy)).toEqual(CLEAN);
      expect((await ward.deliveries()).map(({ state }) => state)).toEqual(['succeeded', 'succeeded']);
    },
  );

  it('that answers 410 gets nothing more, and its neighbour everything', async () => {
    await ward.admit();
    ward.sick.answer('/hook', 410);
    await ward.book.commit('A');
    await ward.host.webhooks.drain();

    ward.sick.answer('/hook', 204);
    await ward.book.commit('B');
    await ward.after(2 * RETRY_MS);

    expect(ward.sick.requests).toHaveLength(1);
    expect(await ward.host.subscriptions.get(ward.id)).toMatchObject({ state_reason: 'gone' });
    expect(await ward.book.verdict(ward.healthy)).toEqual(CLEAN);
  });
});
