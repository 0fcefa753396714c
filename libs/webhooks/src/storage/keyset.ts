import type { Conditions } from './conditions.js';
import type { Row } from './database.js';
import type { Sql } from './sql.js';

/** An order in which an index holds a table's rows, and a text for the place of each. */
export interface Keyset {
  /** Columns to select for {@link Keyset.placeOf}. */
  readonly columns: string;
  readonly orderBy: string;
  /** What is not to be seen yet is left out. */
  settled?(where: Conditions): void;
  /** Everything: a condition by which SQLite finds the index. */
  all?(where: Conditions): void;
  /** What comes after a place. */
  after(where: Conditions, place: string): void;
  /** What comes before a place, and that itself. */
  upTo(where: Conditions, place: string): void;
  placeOf(row: Row): string;
}

/** Newest first, by a column of sortable ids. */
export class NewestFirst implements Keyset {
  readonly columns: string;
  readonly orderBy: string;

  constructor(private readonly column: string) {
    this.columns = column;
    this.orderBy = `${column} DESC`;
  }

  all(where: Conditions): void {
    where.add(`${this.column} > ''`);
  }

  after(where: Conditions, place: string): void {
    where.add(`${this.column} < ${where.bind(place)}`);
  }

  upTo(where: Conditions, place: string): void {
    where.add(`${this.column} >= ${where.bind(place)}`);
  }

  placeOf(row: Row): string {
    return row[this.column] as string;
  }
}

/**
 * Events in an order in which none appears before a place that was already read. On PostgreSQL positions are handed out before
 * the commit: only what no running transaction can come before is shown. On SQLite one transaction follows the other.
 */
export function commitOrder({ dialect }: Sql): Keyset {
  return dialect === 'postgres' ? POSTGRES_COMMITS : SQLITE_COMMITS;
}

/** Where the order of commits begins. */
export const FIRST_COMMIT = 'commit_0_0';

const partsOf = (place: string): string[] => place.split('_').slice(1);

const POSTGRES_COMMITS: Keyset = {
  columns: 'tx, position',
  orderBy: 'tx, position',
  settled: (where) => where.add('tx < pg_snapshot_xmin(pg_current_snapshot())'),
  after: (where, place) => where.add(`(tx, position) > ${pairOf(where, place)}`),
  upTo: (where, place) => where.add(`(tx, position) <= ${pairOf(where, place)}`),
  placeOf: ({ tx, position }) => `commit_${String(tx)}_${String(position)}`,
};

const SQLITE_COMMITS: Keyset = {
  columns: 'position',
  orderBy: 'position',
  all: (where) => where.add('position > 0'),
  after: (where, place) => where.add(`position > ${where.bind(Number(partsOf(place)[1]))}`),
  upTo: (where, place) => where.add(`position <= ${where.bind(Number(partsOf(place)[1]))}`),
  placeOf: ({ position }) => `commit_0_${String(position)}`,
};

function pairOf(where: Conditions, place: string): string {
  const [tx, position] = partsOf(place);
  return `(${where.bind(tx)}::xid8, ${where.bind(position)}::bigint)`;
}
