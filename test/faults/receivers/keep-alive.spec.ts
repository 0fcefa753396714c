import { describeDatabases } from '../../support/databases.js';
import { byAxios, sendBy } from './naive-senders.js';
import { CLEAN, orders } from './order-book.js';
import { RETRY_MS, useWard } from './ward.js';

const ORDERS = orders(20);

describeDatabases('a receiver that drops a kept connection at the moment it is used again', (database) => {
  const ward = useWard(database);

  const publishOneByOne = async (): Promise<void> => {
    ward.sick.answer('/hook', { kind: 'reset-reused' });
    for (const order of ORDERS) {
      await ward.book.commit(order);
      await ward.host.webhooks.drain();
    }
  };

  it('gets each message at once, on a fresh connection, and it counts as one attempt', async () => {
    await ward.admit();

    await publishOneByOne();

    expect(await ward.book.verdict(ward.sick)).toEqual(CLEAN);
    expect(ward.sick.requests.map(({ headers }) => headers['webhook-attempt'])).toEqual(
      ORDERS.map(() => '1'),
    );
    expect((await ward.deliveries()).map(({ attempts }) => attempts)).toEqual(ORDERS.map(() => 1));
    expect(await ward.book.verdict(ward.healthy)).toEqual(CLEAN);
  });

  it('is charged with failures and waited for, were it not tried again at once', async () => {
    await ward.admit();
    sendBy(ward.host, byAxios());

    await publishOneByOne();

    const { lost } = await ward.book.verdict(ward.sick);
    expect(lost.length).toBeGreaterThan(5);
    await ward.after(1.3 * RETRY_MS);
    expect((await ward.deliveries()).filter(({ attempts }) => attempts > 1).length).toBeGreaterThan(5);
  });
});
