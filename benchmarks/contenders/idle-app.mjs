/** An application with nothing to do. It notes when it sends something to its database: on SQLite, batches of statements. */
import pg from 'pg';
import { openHost } from '../support/host-app.mjs';
import { monotonicMs } from '../support/monotonic.mjs';

export async function open({ database }) {
  const host = await openHost({ database });
  const sentAt = [];
  const [target, method] =
    database.type === 'postgres' ? [pg.Client.prototype, 'query'] : [host.hidden('Database'), 'run'];
  const original = target[method];
  target[method] = function noted(...args) {
    sentAt.push(monotonicMs());
    return original.apply(this, args);
  };
  return { sentAt: () => sentAt, close: () => host.close() };
}
