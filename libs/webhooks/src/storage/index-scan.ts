import { Conditions } from './conditions.js';
import type { Database, Row } from './database.js';
import type { Keyset } from './keyset.js';

/** Adds conditions. */
export type Where = (where: Conditions) => void;

/** Rows that one page may look at: whatever it looks for, a page is a matter of milliseconds. */
export const SCAN_LIMIT = 10_000;

/** The part of an index that a page looks at. */
export interface ScanRange {
  /** Conditions on the columns of the index itself. */
  readonly within: Where;
  /** The place after which it begins; null: at the first. */
  readonly after: string | null;
}

/** Where a page's look ends. */
export interface ScanEnd {
  /** Place of the last row that it looks at; null: there is none. */
  readonly place: string | null;
  /** Nothing comes behind it. */
  readonly isLast: boolean;
}

/** What to read of the rows. */
export interface Selection {
  readonly columns: string;
  readonly filters: Where;
  /** Place of the last row to look at. */
  readonly upTo: string;
  readonly limit: number;
}

/** A table, read piece by piece in the order of an index. */
export class IndexScan {
  constructor(
    private readonly database: Database,
    private readonly table: string,
    readonly keyset: Keyset,
  ) {}

  /** Goes through the index alone. */
  async end({ within, after }: ScanRange): Promise<ScanEnd> {
    const { columns, orderBy } = this.keyset;
    const where = this.begin(within, after);
    const sql = `SELECT * FROM (SELECT ${columns}, row_number() OVER (ORDER BY ${orderBy}) AS n
        FROM (SELECT ${columns} FROM ${this.table} WHERE ${where.where} ORDER BY ${orderBy} LIMIT ${SCAN_LIMIT}) AS look) AS numbered
      ORDER BY n DESC LIMIT 1`;
    const [rows] = await this.database.run([{ sql, params: where.params }]);
    const last = rows![0];
    return {
      place: last ? this.keyset.placeOf(last) : null,
      isLast: !last || Number(last.n) < SCAN_LIMIT,
    };
  }

  /** Reads the first rows of a range that pass the filters. */
  async read({ within, after }: ScanRange, { columns, filters, upTo, limit }: Selection): Promise<Row[]> {
    const where = this.begin(within, after);
    this.keyset.upTo(where, upTo);
    filters(where);
    const sql = `SELECT ${columns} FROM ${this.table}
      WHERE ${where.where} ORDER BY ${this.keyset.orderBy} LIMIT ${where.bind(limit)}`;
    const [rows] = await this.database.run([{ sql, params: where.params }]);
    return rows!;
  }

  private begin(within: Where, after: string | null): Conditions {
    const where = new Conditions();
    within(where);
    this.keyset.settled?.(where);
    if (after === null) this.keyset.all?.(where);
    else this.keyset.after(where, after);
    return where;
  }
}
