import { Logger } from '@nestjs/common';
import { errorFields } from '../internal/error-fields.js';
import type { DataSource } from 'typeorm';
import { WakeUp } from './wake-up.js';

/** The part of a `pg` client that is used here. */
interface Connection {
  query(text: string): Promise<unknown>;
  on(event: 'notification' | 'error', listener: (detail: unknown) => void): void;
  release(destroy: boolean): void;
}

/** The part of a `pg` pool that is used here. */
interface Pool {
  readonly options: { readonly max: number };
  connect(): Promise<Connection>;
}

const QUIET_MS = 20;
const RECONNECT_MS = 5_000;

/**
 * NOTIFY and LISTEN. Messages are sent after the commit and at most every 20 ms: inside of it they would make every
 * transaction half as slow again. Listening keeps one connection of the host's pool, but not its only one.
 */
export class PostgresWakeUp extends WakeUp {
  private readonly logger = new Logger('Webhooks');
  private sending: NodeJS.Timeout | undefined;
  private reconnecting: NodeJS.Timeout | undefined;
  private connection: Connection | undefined;
  private isClosed = false;

  /** `channel`: an identifier; processes that share tables share it. */
  constructor(
    private readonly dataSource: DataSource,
    private readonly channel: string,
  ) {
    super();
  }

  send(): void {
    this.sending ??= setTimeout(() => {
      this.sending = undefined;
      this.dataSource.query(`NOTIFY "${this.channel}"`).catch((error: unknown) => this.complain(error));
    }, QUIET_MS);
    this.sending.unref();
  }

  async listen(onWake: () => void): Promise<void> {
    try {
      const { master } = this.dataSource.driver as unknown as { master: Pool };
      if (master.options.max < 2) return this.complain('the pool has one connection only.');
      const connection = await master.connect();
      if (this.isClosed) return connection.release(true);
      await this.listenOn(connection, onWake);
    } catch (error) {
      this.reconnect(error, onWake);
    }
  }

  async close(): Promise<void> {
    this.isClosed = true;
    clearTimeout(this.sending);
    clearTimeout(this.reconnecting);
    this.drop();
  }

  private async listenOn(connection: Connection, onWake: () => void): Promise<void> {
    // One that was given up may complain again, when another has long taken its place.
    const lost = (error: unknown): void => {
      if (this.connection === connection) this.reconnect(error, onWake);
    };
    this.connection = connection;
    connection.on('notification', onWake);
    connection.on('error', lost);
    try {
      await connection.query(`LISTEN "${this.channel}"`);
      // What was sent before was heard by nobody.
      onWake();
    } catch (error) {
      lost(error);
    }
  }

  private reconnect(error: unknown, onWake: () => void): void {
    this.drop();
    if (this.isClosed || this.reconnecting) return;
    this.complain(error);
    this.reconnecting = setTimeout(() => {
      this.reconnecting = undefined;
      void this.listen(onWake);
    }, RECONNECT_MS);
    this.reconnecting.unref();
  }

  // Never given back to the pool: it would go on listening there.
  private drop(): void {
    this.connection?.release(true);
    this.connection = undefined;
  }

  private complain(error: unknown): void {
    this.logger.warn('Processes cannot wake each other, the regular look has to do', errorFields(error));
  }
}
