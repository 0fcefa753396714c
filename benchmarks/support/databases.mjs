import { rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { makeServerFolder, removeLeftovers, startPostgres } from '../../test/support/embedded-server.mjs';

/** As a server is run whose commits survive a power failure. These are PostgreSQL's own defaults; the tests switch them off. */
const DURABLE = { fsync: 'on', full_page_writes: 'on', synchronous_commit: 'on' };

/** Databases for one run: SQLite files and a PostgreSQL of our own in a temporary folder, or the server of WEBHOOKS_BENCH_POSTGRES_URL. */
export class Databases {
  #folder;
  #postgres;
  #created = [];

  /** Options of an empty database, for a contender. */
  async fresh(type) {
    this.#folder ??= await this.#makeFolder();
    const name = `bench_${process.pid}_${this.#created.length}`;
    this.#created.push(name);
    if (type === 'sqlite') return { type: 'better-sqlite3', database: join(this.#folder, `${name}.sqlite`) };
    this.#postgres ??= await this.#server();
    await this.#asAdmin(`CREATE DATABASE ${name} TEMPLATE template0`);
    const url = new URL(this.#postgres.url);
    url.pathname = `/${name}`;
    return { type: 'postgres', url: url.href };
  }

  /** What the server says of itself; undefined when none was needed. */
  async postgresVersion() {
    if (!this.#postgres) return undefined;
    const [row] = await this.#asAdmin('SHOW server_version');
    return row.server_version;
  }

  async close() {
    if (this.#postgres && !this.#postgres.stop) {
      for (const name of this.#created) await this.#asAdmin(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    }
    await this.#postgres?.stop?.();
    if (this.#folder) await rm(this.#folder, { recursive: true, force: true });
  }

  async #makeFolder() {
    await removeLeftovers();
    const folder = await makeServerFolder();
    // The server's own exit hook may end the process at a signal before anything asynchronous is done.
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    return folder;
  }

  async #server() {
    const url = process.env.WEBHOOKS_BENCH_POSTGRES_URL;
    if (url) return { url };
    const urlVariable = 'WEBHOOKS_BENCH_POSTGRES_URL';
    return startPostgres({ databaseDir: join(this.#folder, 'data'), flags: DURABLE, urlVariable });
  }

  async #asAdmin(sql) {
    const admin = new Client({ connectionString: this.#postgres.url });
    await admin.connect();
    try {
      return (await admin.query(sql)).rows;
    } finally {
      await admin.end();
    }
  }
}
