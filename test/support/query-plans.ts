import type { Host } from './host.js';

/** A statement of the module, as it is sent. */
export interface Sent {
  readonly sql: string;
  readonly params: readonly unknown[];
}

/** How a database goes about a statement. */
export interface QueryPlan {
  /** How each of the large tables (events, deliveries, unless others are named) is reached: an index by its name, or `SCAN`. */
  readonly ways: readonly string[];
  /** Rows read from the large tables; only PostgreSQL tells. */
  readonly rows: number;
  /** Pages touched; only PostgreSQL tells. */
  readonly pages: number;
}

interface Node {
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Node Type': string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Shared Hit Blocks': number;
  readonly 'Shared Read Blocks': number;
  readonly Plans?: readonly Node[];
}

interface Handle {
  prepare(sql: string): {
    readonly reader: boolean;
    all(...params: object[]): unknown[];
    run(...params: object[]): unknown;
  };
}

const EVENTS_AND_DELIVERIES = ['events', 'deliveries'];

/** Runs the statement for real and says how it went. */
export function explain(
  host: Host,
  statement: Sent,
  tables: readonly string[] = EVENTS_AND_DELIVERIES,
): Promise<QueryPlan> {
  const names = `webhooks_(?:${tables.join('|')})`;
  return host.dataSource.options.type === 'postgres'
    ? onPostgres(host, statement, new RegExp(`^${names}`))
    : onSqlite(host, statement, names);
}

async function onPostgres({ dataSource }: Host, { sql, params }: Sent, large: RegExp): Promise<QueryPlan> {
  const explained = (await dataSource.query(`EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${sql}`, [
    ...params,
  ])) as [{ readonly 'QUERY PLAN': readonly [{ readonly Plan: Node }] }];
  const root = explained[0]['QUERY PLAN'][0].Plan;
  const nodes = nodesOf(root).filter((node) => node['Actual Loops'] > 0);
  const reading = nodes.filter(
    (node) => large.test(node['Relation Name'] ?? '') && node['Node Type'].includes('Scan'),
  );
  const indexes = nodes.flatMap((node) => node['Index Name'] ?? []).filter((name) => large.test(name));
  const rowsOf = (node: Node): number =>
    (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops'];
  return {
    ways: reading.some((node) => node['Node Type'] === 'Seq Scan') ? ['SCAN', ...indexes] : indexes,
    rows: reading.reduce((sum, node) => sum + rowsOf(node), 0),
    pages: root['Shared Hit Blocks'] + root['Shared Read Blocks'],
  };
}

function nodesOf(node: Node): Node[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)];
}

async function onSqlite({ dataSource }: Host, { sql, params }: Sent, large: string): Promise<QueryPlan> {
  const handle = (dataSource.driver as unknown as { databaseConnection: Handle }).databaseConnection;
  const names = params.slice(0, params.length - (sql.split('?').length - 1));
  const named = Object.fromEntries(names.map((value, index) => [index + 1, value ?? null]));
  const bound = [named, params.slice(names.length)];
  const details = handle.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...bound) as { readonly detail: string }[];
  const statement = handle.prepare(sql);
  if (statement.reader) statement.all(...bound);
  else statement.run(...bound);
  // With the names that the module's statements give them.
  const scan = new RegExp(`^SCAN (?:${large}|[tepgfw])\\b`);
  const byIndex = new RegExp(`INDEX (?:sqlite_autoindex_)?(${large}\\w*)`);
  const ways = details.flatMap(({ detail }) => {
    if (scan.test(detail)) return ['SCAN'];
    const [, index] = byIndex.exec(detail) ?? [];
    return index ? [index] : [];
  });
  return { ways, rows: 0, pages: 0 };
}
