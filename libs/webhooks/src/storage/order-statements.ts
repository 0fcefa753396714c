import type { Row, Statement } from './database.js';
import { SUBJECT } from './delivery-columns.js';
import { OPEN } from './schema.js';
import type { Sql } from './sql.js';

/**
 * Lets the next of a subject go. Each subscription's deliveries of a subject are a line of which the first open one may be
 * sent; the lines are found one by one by an index, and of each its first, however many wait behind.
 */
export class OrderStatements {
  private readonly deliveries: string;
  private readonly events: string;
  private readonly releaseText: string;

  constructor(private readonly sql: Sql) {
    this.deliveries = sql.table('deliveries');
    this.events = sql.table('events');
    this.releaseText = this.buildRelease();
  }

  /**
   * Statements that write, and then let go what has become the first: all of it or nothing. On PostgreSQL a statement does
   * not see what another part of it has changed, so that this is one of its own.
   */
  around(offset: number, writes: readonly Statement[], subjects: readonly Row[]): Statement[] {
    if (subjects.length === 0) return [...writes];
    return [...this.lock(subjects), ...writes, ...this.release(offset, subjects)];
  }

  // The counters' rows serve as locks: two processes that each see half of a subject would both leave its next one waiting.
  private lock(subjects: readonly Row[]): Statement[] {
    if (this.sql.dialect !== 'postgres') return [];
    const sql = `SELECT 1 FROM ${this.sql.table('sequences')} q JOIN ${this.sql.rows('$1', SUBJECT)}
      ON q.tenant = r.tenant AND q.subject = r.subject ORDER BY q.tenant, q.subject FOR UPDATE OF q`;
    return this.sql.forRows({ sql, columns: SUBJECT }, [], subjects);
  }

  private release(offset: number, subjects: readonly Row[]): Statement[] {
    return this.sql.forRows({ sql: this.releaseText, columns: SUBJECT }, [offset], subjects);
  }

  /**
   * The first of a line may go when it waits, and when no earlier event of the subject is still to be fanned out.
   * `CROSS JOIN` makes SQLite begin with the line, whatever its statistics say of the events.
   */
  private buildRelease(): string {
    const now = this.sql.now('$1');
    const next = (
      line: string,
      after: string,
    ): string => `(SELECT min(p.subscription_id) FROM ${this.deliveries} p
      WHERE p.subject = ${line}.subject ${after} AND p.${OPEN})`;
    const first = `(SELECT p.id FROM ${this.deliveries} p CROSS JOIN ${this.events} g
      WHERE p.subject = l.subject AND p.subscription_id = l.subscription_id AND p.${OPEN}
        AND g.id = p.event_id AND g.tenant = l.tenant ORDER BY p.sequence LIMIT 1)`;
    return `WITH RECURSIVE l AS (
        SELECT r.tenant, r.subject, ${next('r', '')} AS subscription_id FROM ${this.sql.rows('$2', SUBJECT)}
        UNION ALL SELECT l.tenant, l.subject, ${next('l', 'AND p.subscription_id > l.subscription_id')}
        FROM l WHERE l.subscription_id IS NOT NULL)
      UPDATE ${this.deliveries} AS t SET state = 'pending', due_at = ${now}, updated_at = ${now}
      WHERE t.state = 'waiting' AND t.id ${this.among(`SELECT ${first} FROM l WHERE l.subscription_id IS NOT NULL`)}
        AND NOT EXISTS (SELECT 1 FROM ${this.events} e CROSS JOIN ${this.events} f
          WHERE e.id = t.event_id AND f.tenant = e.tenant AND f.subject = t.subject
          AND f.sequence < t.sequence AND f.due_at IS NOT NULL)
      RETURNING 'released' AS kind`;
  }

  // PostgreSQL takes a recursion for much, and would read the whole table for `IN`; of an array it expects little.
  private among(select: string): string {
    return this.sql.dialect === 'postgres' ? `= ANY (ARRAY(${select}))` : `IN (${select})`;
  }
}
