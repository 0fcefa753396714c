import type { WorkTable } from '../dispatch/due-work.js';
import type { Sql } from './sql.js';

/** The column by which processes tell apart what work they can do; each has an index on it and `due_at`. */
const KIND: Readonly<Record<WorkTable, string>> = { schedules: 'type', jobs: 'kind' };

/** When the first work of these kinds is due; null: nothing waits. One probe of the index for each kind. */
export function firstDue(sql: Sql, table: WorkTable, kinds: string): string {
  const ofKind = `SELECT min(w.due_at) FROM ${sql.table(table)} w
    WHERE w.${KIND[table]} = k.value AND w.due_at IS NOT NULL`;
  return `(SELECT min((${ofKind})) FROM ${sql.list(kinds)} k)`;
}
