/** The application's own transactions, without webhooks: as many at once as the application with webhooks has under way. */
import { DataSource } from 'typeorm';
import { BUSINESS_TABLE, businessInserts, durable } from '../support/host-app.mjs';

const CALLERS = 64;

export async function open({ database }) {
  const dataSource = await new DataSource(durable(database)).initialize();
  await dataSource.query(BUSINESS_TABLE);
  const { plain } = businessInserts(dataSource);
  let number = 0;
  return {
    async measure(count) {
      let next = 0;
      const startedAt = performance.now();
      const caller = async () => {
        while (next++ < count) {
          await dataSource.transaction((manager) => manager.query(plain, [`AGW-${number++}`]));
        }
      };
      await Promise.all(Array.from({ length: CALLERS }, caller));
      return { rate: (count * 1000) / (performance.now() - startedAt) };
    },

    close: () => dataSource.destroy(),
  };
}
