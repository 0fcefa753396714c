import { Injectable } from '@nestjs/common';
import { NOT_RENDERED } from '../dispatch/delivery-bodies.js';
import { Clock } from '../internal/clock.js';
import { Database } from './database.js';
import type { Row } from './database.js';
import { DELIVERY_COLUMNS as COLUMNS, recordOf, type DeliveryRecord } from './delivery-record.js';
import { OrderStatements } from './order-statements.js';
import { OPEN } from './schema.js';

/** A delivery that was given up, and whether another one is due for it. */
export interface Canceled {
  readonly delivery: DeliveryRecord;
  readonly released: boolean;
}

/** What people do to single deliveries. */
@Injectable()
export class DeliveryControlStore {
  private readonly deliveries: string;
  private readonly now: string;
  private readonly order: OrderStatements;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {
    this.deliveries = database.sql.table('deliveries');
    this.now = database.sql.now('$1');
    this.order = new OrderStatements(database.sql);
  }

  async find(id: string): Promise<DeliveryRecord | undefined> {
    return this.one(`SELECT ${COLUMNS} FROM ${this.deliveries} WHERE id = $1`, [id]);
  }

  /**
   * Opens a delivery again, whatever its state, at the beginning of its schedule: due after `dueInMs`, which is a lease for
   * whoever sends it now. An attempt that is under way can no longer change it. Rendered anew, it forgets its body.
   */
  async reopen(
    id: string,
    { dueInMs, lifeMs, rendersAnew }: { dueInMs: number; lifeMs: number; rendersAnew: boolean },
  ): Promise<DeliveryRecord | undefined> {
    const sql = `UPDATE ${this.deliveries} SET state = 'pending', priority = 0, step = 0, due_at = ${this.now} + $3,
        expires_at = ${this.now} + $4, updated_at = ${this.now}, fence = fence + 1${rendersAnew ? `, body = '${NOT_RENDERED}'` : ''}
      WHERE id = $2 RETURNING ${COLUMNS}`;
    return this.one(sql, [this.clock.offset, id, dueInMs, lifeMs]);
  }

  /**
   * Closes an open delivery for good and lets the next of its subject go, both or none of it; undefined when it is not open.
   */
  async cancel(id: string): Promise<Canceled | undefined> {
    const sql = `UPDATE ${this.deliveries} SET state = 'canceled', due_at = NULL, updated_at = ${this.now}, fence = fence + 1
      WHERE id = $2 AND ${OPEN} RETURNING 'canceled' AS kind, ${COLUMNS}`;
    const { offset } = this.clock;
    const cancel = { sql, params: [offset, id] };
    const results = await this.database.run(this.order.around(offset, [cancel], await this.lineOf(id)));
    const rows = results.flat();
    const canceled = rows.find(({ kind }) => kind === 'canceled');
    const released = rows.some(({ kind }) => kind === 'released');
    return canceled && { delivery: recordOf(canceled), released };
  }

  /** The subject that an ordered delivery stands in line for. */
  private async lineOf(id: string): Promise<Row[]> {
    const sql = `SELECT e.tenant, t.subject FROM ${this.deliveries} t JOIN ${this.database.sql.table('events')} e
      ON e.id = t.event_id WHERE t.id = $1 AND t.subject IS NOT NULL`;
    const [rows] = await this.database.run([{ sql, params: [id] }]);
    return rows!;
  }

  /** Bodies that are stored encrypted, by id. */
  async sealed(after: string, limit: number): Promise<{ readonly id: string; readonly body: string }[]> {
    const sql = `SELECT id, body FROM ${this.deliveries} WHERE id > $1 AND body LIKE 'sealed:%' ORDER BY id LIMIT $2`;
    const [rows] = await this.database.run([{ sql, params: [after, limit] }]);
    return rows!.map(({ id, body }) => ({ id: id as string, body: body as string }));
  }

  /** Stores another text for the same body; false when it was changed meanwhile. */
  async replaceBody(id: string, body: string, next: string): Promise<boolean> {
    const sql = `UPDATE ${this.deliveries} SET body = $3 WHERE id = $1 AND body = $2 RETURNING id`;
    const [rows] = await this.database.run([{ sql, params: [id, body, next] }]);
    return rows!.length > 0;
  }

  private async one(sql: string, params: readonly unknown[]): Promise<DeliveryRecord | undefined> {
    const [rows] = await this.database.run([{ sql, params }]);
    return rows![0] && recordOf(rows![0]);
  }
}
