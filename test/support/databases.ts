import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';

/** TypeORM options of an empty database, to be spread into a host's own: `{ ...options, entities, migrations }`. */
export type TestDatabaseOptions =
  | { readonly type: 'better-sqlite3'; readonly database: string; readonly enableWAL: true }
  | { readonly type: 'postgres'; readonly url: string };

/** One of the two databases that every suite runs on. */
export interface TestDatabase {
  readonly name: 'sqlite' | 'postgres';

  /** Creates an empty database: a file, or a database of the server. It is removed after the suite. */
  fresh(): Promise<TestDatabaseOptions>;
}

interface DisposableDatabase extends TestDatabase {
  removeAll(): Promise<void>;
}

function sqlite(): DisposableDatabase {
  const folders: string[] = [];
  return {
    name: 'sqlite',
    async fresh() {
      const folder = await mkdtemp(join(tmpdir(), 'webhooks-sqlite-'));
      folders.push(folder);
      return { type: 'better-sqlite3', database: join(folder, 'test.sqlite'), enableWAL: true };
    },
    async removeAll() {
      for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
    },
  };
}

async function withAdmin<T>(url: string, work: (admin: Client) => Promise<T>): Promise<T> {
  const admin = new Client({ connectionString: url });
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}

function postgres(adminUrl: string): DisposableDatabase {
  const names: string[] = [];
  return {
    name: 'postgres',
    async fresh() {
      const name = `webhooks_${process.env['JEST_WORKER_ID'] ?? '0'}_${randomBytes(6).toString('hex')}`;
      await withAdmin(adminUrl, (admin) => admin.query(`CREATE DATABASE ${name} TEMPLATE template0`));
      names.push(name);
      const url = new URL(adminUrl);
      url.pathname = `/${name}`;
      return { type: 'postgres', url: url.href };
    },
    async removeAll() {
      if (names.length === 0) return;
      await withAdmin(adminUrl, async (admin) => {
        // FORCE: a test that failed half-way may have left its connections open.
        for (const name of names.splice(0)) await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
      });
    },
  };
}

function databases(): DisposableDatabase[] {
  const urls = process.env['WEBHOOKS_TEST_POSTGRES_URL']?.split(' ') ?? [];
  // One for each worker; there may be only one.
  const url = urls[(Number(process.env['JEST_WORKER_ID'] ?? 1) - 1) % urls.length];
  if (url) return [sqlite(), postgres(url)];
  if (process.env['WEBHOOKS_TEST_POSTGRES'] === 'off') return [sqlite()];
  throw new Error('No PostgreSQL: run the tests through jest.config.json, whose globalSetup starts one.');
}

/**
 * Runs one suite on a SQLite file and on PostgreSQL, or `only` on one of them for what is true of that one alone.
 *
 * @example
 * describeDatabases('publishing', (database) => {
 *   it('stores the event', async () => {
 *     const dataSource = new DataSource({ ...(await database.fresh()), entities: [Order] });
 *   });
 * });
 */
export function describeDatabases(
  title: string,
  suite: (database: TestDatabase) => void,
  only?: TestDatabase['name'],
): void {
  for (const database of databases().filter(({ name }) => !only || name === only)) {
    describe(`${title} (${database.name})`, () => {
      suite(database);
      // Registered last: the suite's own afterAll closes its connections first.
      afterAll(() => database.removeAll());
    });
  }
}
