import type { EntityManager, FindOneOptions } from 'typeorm';

/** Keeps other transactions from changing the row. SQLite has no row locks and needs none: its transactions take turns. */
export function rowLock({ dataSource }: EntityManager): Pick<FindOneOptions, 'lock'> {
  return dataSource.options.type === 'postgres' ? { lock: { mode: 'pessimistic_write' } } : {};
}
