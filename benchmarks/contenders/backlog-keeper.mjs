/** Writes a backlog for all endpoints into a database, and makes what is leased due again: the process that had it is gone. */
import { insertBacklog } from '../support/bulk-rows.mjs';
import { noticeTo, openHost } from '../support/host-app.mjs';
import { ORDER } from '../support/order-event.mjs';

export async function open({ database, rows, ports }) {
  const host = await openHost({ database, dispatch: false });
  const { dataSource, subscriptions } = host;
  const subscriptionIds = [];
  for (const port of ports) {
    const { id } = await subscriptions.create({ event_types: ['OrderTicketed'], ...noticeTo(port) });
    subscriptionIds.push(id);
  }
  const data = `'${JSON.stringify(ORDER)}'`;
  await insertBacklog(dataSource, { count: rows, subscriptionIds, data });
  return {
    makeDue: () => dataSource.query('UPDATE webhooks_deliveries SET due_at = 1 WHERE fence > 0'),
    close: () => host.close(),
  };
}
