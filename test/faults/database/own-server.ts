import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Client } from 'pg';
import type { TestDatabaseOptions } from '../../support/databases.js';
import type { EmbeddedServer } from '../../support/embedded-server.mjs';
import { makeServerFolder, startPostgres } from '../../support/embedded-server.mjs';

/** A PostgreSQL that a test can stop and start again, on the same port and with its data. */
export class OwnServer {
  private databases = 0;

  private constructor(private server: EmbeddedServer) {}

  static async start(): Promise<OwnServer> {
    const folder = await makeServerFolder();
    return new OwnServer(await startPostgres({ databaseDir: join(folder, 'data') }));
  }

  /** An empty database. */
  async fresh(): Promise<TestDatabaseOptions> {
    const name = `outage_${++this.databases}`;
    await this.asAdmin(`CREATE DATABASE ${name}`);
    const url = new URL(this.server.url);
    url.pathname = `/${name}`;
    return { type: 'postgres', url: url.href };
  }

  /** Ends every session at once, like an administrator does. */
  stop(): Promise<void> {
    return this.server.stop();
  }

  async startAgain(): Promise<void> {
    const { databaseDir, port } = this.server;
    this.server = await startPostgres({ databaseDir, port });
  }

  async remove(): Promise<void> {
    await this.server.stop();
    await rm(dirname(this.server.databaseDir), { recursive: true, force: true });
  }

  private async asAdmin(sql: string): Promise<void> {
    const admin = new Client({ connectionString: this.server.url });
    await admin.connect();
    await admin.query(sql);
    await admin.end();
  }
}

/** A server for the tests of the suite. */
export function useOwnServer(): { fresh(): Promise<TestDatabaseOptions>; readonly server: OwnServer } {
  let server: OwnServer | undefined;
  beforeAll(async () => void (server = await OwnServer.start()));
  afterAll(() => server?.remove());
  return {
    fresh: () => server!.fresh(),
    get server() {
      return server!;
    },
  };
}
