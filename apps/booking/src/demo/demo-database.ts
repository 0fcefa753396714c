import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Client } from 'pg';

/** An empty database for one run. */
export interface DemoDatabase {
  /** For people. */
  readonly label: string;
  /** What the app's configuration reads. */
  readonly env: Readonly<Record<string, string>>;
  /** Leaves no trace. */
  remove(): Promise<void>;
}

/** A database that outlives the process. */
export interface LastingDatabase extends Omit<DemoDatabase, 'remove'> {
  /** How to come back to it. */
  readonly again: string;
}

/** A file in a temporary folder or, given `postgres://…`, a schema of its own beside whatever is there already. */
export function freshDatabase(url: string | undefined): Promise<DemoDatabase> {
  return url ? freshSchema(url) : freshFile();
}

/** A database that stays: what `DATABASE_URL` or `BOOKING_DB` name, or a file in a temporary folder. */
export async function lastingDatabase(env: NodeJS.ProcessEnv): Promise<LastingDatabase> {
  const url = env['DATABASE_URL'];
  if (url) return lastingSchema(url);
  const file = resolve(env['BOOKING_DB'] ?? join(await freshFolder(), 'booking.sqlite'));
  return {
    label: `SQLite file ${file}`,
    env: { BOOKING_DB: file },
    again: `Go on with the same data: BOOKING_DB=${file} npm run demo -- --serve`,
  };
}

function freshFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'booking-demo-'));
}

/** The same server, where unqualified names mean tables of `schema`. */
function inSchema(url: string, schema: string): string {
  const address = new URL(url);
  const options = address.searchParams.get('options') ?? '';
  address.searchParams.set('options', `${options} -c search_path=${schema}`.trim());
  return address.href;
}

async function runOnServer(url: string, sql: string): Promise<void> {
  if (!URL.canParse(url))
    throw new Error('DATABASE_URL is no address: postgres://user:password@host/database');
  const client = new Client({ connectionString: url });
  try {
    await client.connect();
    await client.query(sql);
  } catch (error) {
    const { host, pathname } = new URL(url);
    const hint = 'DATABASE_URL must name a server that answers and a user who may create a schema.';
    throw new Error(`PostgreSQL at ${host}${pathname}: ${reasonOf(error)}\n${hint}`, { cause: error });
  } finally {
    await client.end();
  }
}

// Node reports a refused connection to a name with several addresses as an AggregateError without a message.
function reasonOf(error: unknown): string {
  const { message, code } = error as { message?: string; code?: string };
  return message || code || String(error);
}

async function freshFile(): Promise<DemoDatabase> {
  const folder = await freshFolder();
  const file = join(folder, 'booking.sqlite');
  return {
    label: `SQLite file ${file}`,
    env: { BOOKING_DB: file },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

async function freshSchema(url: string): Promise<DemoDatabase> {
  const schema = `booking_demo_${randomBytes(4).toString('hex')}`;
  await runOnServer(url, `CREATE SCHEMA ${schema}`);
  return {
    label: `PostgreSQL at ${new URL(url).host}, schema ${schema}`,
    env: { DATABASE_URL: inSchema(url, schema) },
    remove: () => runOnServer(url, `DROP SCHEMA ${schema} CASCADE`),
  };
}

async function lastingSchema(url: string): Promise<LastingDatabase> {
  const schema = 'booking_demo';
  await runOnServer(url, `CREATE SCHEMA IF NOT EXISTS ${schema}`);
  const label = `PostgreSQL at ${new URL(url).host}, schema ${schema}`;
  return { label, env: { DATABASE_URL: inSchema(url, schema) }, again: `The data stays: ${label}` };
}
