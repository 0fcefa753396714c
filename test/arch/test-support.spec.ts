import { existsSync } from 'node:fs';
import { DataSource } from 'typeorm';
import { describeDatabases } from '../support/databases.js';
import type { TestDatabaseOptions } from '../support/databases.js';

async function tablesOf(options: TestDatabaseOptions): Promise<string[]> {
  const dataSource = await new DataSource(options).initialize();
  const sql = {
    'better-sqlite3': `SELECT name FROM sqlite_schema WHERE type = 'table'`,
    postgres: `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`,
  };
  const rows: { name: string }[] = await dataSource.query(sql[options.type]);
  await dataSource.destroy();
  return rows.map((row) => row.name);
}

async function createTable(options: TestDatabaseOptions): Promise<void> {
  const dataSource = await new DataSource(options).initialize();
  await dataSource.query('CREATE TABLE orders (id integer)');
  await dataSource.destroy();
}

describeDatabases('a test database', (database) => {
  it('answers, keeps what is written, and is empty when fresh', async () => {
    const first = await database.fresh();
    await createTable(first);
    const second = await database.fresh();

    expect(await tablesOf(first)).toEqual(['orders']);
    expect(await tablesOf(second)).toEqual([]);
  });
});

describe('the removal of test databases', () => {
  const created: TestDatabaseOptions[] = [];

  describeDatabases('a suite that creates one', (database) => {
    it('creates it', async () => {
      const options = await database.fresh();
      created.push(options);
      expect(await tablesOf(options)).toEqual([]);
    });
  });

  it('has happened when the suite is over', async () => {
    for (const options of created) {
      if (options.type === 'postgres') await expect(tablesOf(options)).rejects.toThrow('does not exist');
      else expect(existsSync(options.database)).toBe(false);
    }
    expect(created.map((options) => options.type)).toContain('better-sqlite3');
  });
});
