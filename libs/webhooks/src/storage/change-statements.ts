import type { ChangeNote } from '../subscriptions/subscription-change.js';
import type { Statement } from './database.js';
import type { Sql } from './sql.js';

/** What {@link ChangeStatements.note} writes down: a note, and which version of which subscription the change makes. */
export interface NotedChange {
  readonly id: string;
  /** The version that has to be there; nothing is written when it is another one. */
  readonly found: number;
  readonly makes: number;
  readonly note: ChangeNote;
}

/** The statements behind the change history; both databases understand all of them. */
export class ChangeStatements {
  private readonly changes: string;
  private readonly subscriptions: string;

  constructor(private readonly sql: Sql) {
    this.changes = sql.table('subscription_changes');
    this.subscriptions = sql.table('subscriptions');
  }

  /** Reads what the change is going to write over: before it, and after the bump that makes the writers take turns. */
  note({ id, found, makes, note }: NotedChange, offset: number): Statement {
    const { actor, action, reason, what } = note;
    const texts = [actor, action, reason, what].map((_text, index) => `CAST($${index + 5} AS text)`);
    const sql = `INSERT INTO ${this.changes} (subscription_id, version, tenant, at, actor, action, reason, what)
      SELECT id, CAST($4 AS bigint), tenant, ${this.sql.now('$1')}, ${texts.join(', ')}
      FROM ${this.subscriptions} WHERE id = $2 AND version = $3`;
    return { sql, params: [offset, id, found, makes, actor, action, reason, what] };
  }

  /** Newest first, below a version; of a tenant's subscription only. */
  list(id: string, tenant: string | null, limit: number, before: number): Statement {
    const sql = `SELECT subscription_id, version, tenant, at, actor, action, reason, what FROM ${this.changes}
      WHERE subscription_id = $1 AND version < $2${tenant === null ? '' : ' AND tenant = $4'} ORDER BY version DESC LIMIT $3`;
    return { sql, params: [id, before, limit, ...(tenant === null ? [] : [tenant])] };
  }
}
