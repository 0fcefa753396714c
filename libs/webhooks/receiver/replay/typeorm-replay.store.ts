import type { DataSource, EntityManager } from 'typeorm';
import type { Clock } from '../../src/internal/clock.js';
import { SystemClock } from '../../src/internal/clock.js';
import type { Database, Row, Statement } from '../../src/storage/database.js';
import type { Sql } from '../../src/storage/sql.js';
import { sqlFor } from '../../src/storage/webhooks.migrations.js';
import { ReplayTableMissingError } from '../errors/replay-table-missing-error.js';
import type { ReceivedWebhook } from '../received-webhook.js';
import { claimOf } from './claimed-webhooks.js';
import { ReplayStatements, receiptsTable } from './replay-statements.js';
import type { Claim, ClaimOutcome } from './replay-store.js';
import { ReplayStore } from './replay-store.js';
import type { ReplayTableOptions } from './replay.migrations.js';
import { replayNaming } from './replay.migrations.js';

/** How a {@link TypeOrmReplayStore} works. */
export interface TypeOrmReplayStoreOptions extends ReplayTableOptions {
  /** The source of time, for tests: the database's time counts, plus this clock's offset. @default real time */
  readonly clock?: Clock;
}

const PURGE_EVERY_MS = 60_000;
const PURGE_ROWS = 1_000;

// Loaded when used: a receiver that remembers in memory needs no TypeORM.
async function databaseOver(dataSource: DataSource, sql: Sql): Promise<Database> {
  if (sql.dialect === 'postgres') {
    const { PostgresDatabase } = await import('../../src/storage/postgres.database.js');
    return new PostgresDatabase(dataSource, sql);
  }
  const { SqliteDatabase } = await import('../../src/storage/sqlite.database.js');
  return new SqliteDatabase(dataSource, sql);
}

/**
 * A replay memory in a table of the host's data source (PostgreSQL, or SQLite through better-sqlite3), for several
 * processes and beyond restarts. The table comes from {@link webhookReceiverMigrations}.
 *
 * @example
 * WebhookReceiverModule.forRootAsync({
 *   inject: [DataSource],
 *   useFactory: (dataSource: DataSource) => ({ secrets: [secret], replay: { store: new TypeOrmReplayStore(dataSource) } }),
 * })
 */
export class TypeOrmReplayStore extends ReplayStore {
  private readonly sql: Sql;
  private readonly statements: ReplayStatements;
  private readonly clock: Clock;
  private database: Promise<Database> | undefined;
  private purgeAt = 0;

  /** @throws UnsupportedDatabaseError for any other database. */
  constructor(
    private readonly dataSource: DataSource,
    { clock = new SystemClock(), ...naming }: TypeOrmReplayStoreOptions = {},
  ) {
    super();
    this.clock = clock;
    this.sql = sqlFor(dataSource.options.type, replayNaming(naming));
    this.statements = new ReplayStatements(this.sql);
  }

  override async open(): Promise<void> {
    await this.run(this.statements.check, []).catch((cause: unknown) => {
      throw new ReplayTableMissingError(receiptsTable(this.sql), { cause });
    });
  }

  async claim(claim: Claim, leaseMs: number): Promise<ClaimOutcome> {
    const taken = await this.run(this.statements.claim, this.params(claim, leaseMs));
    if (taken.length > 0) return { state: 'taken' };
    const [row] = await this.run(this.statements.look, [claim.scope, claim.id, this.clock.offset]);
    if (row?.state === 'done') return { state: 'done' };
    // No row: it was released a moment ago, by a handler that failed. The sender comes again.
    return { state: 'running', endsInMs: Number(row?.ends_in ?? 0) };
  }

  async extend(claim: Claim, leaseMs: number): Promise<boolean> {
    return (await this.run(this.statements.extend, this.params(claim, leaseMs))).length > 0;
  }

  async complete(claim: Claim, rememberMs: number): Promise<boolean> {
    const kept = await this.run(this.statements.complete, this.params(claim, rememberMs));
    await this.purge().catch(() => undefined);
    return kept.length > 0;
  }

  /**
   * Remembers inside the handler's own transaction that the webhook was handled: both are committed, or neither is. Without it
   * a process that dies between the handler's commit and its answer handles the message twice.
   *
   * @example
   * await dataSource.transaction(async (manager) => {
   *   await manager.save(order);
   *   await replayStore.completeWithin(manager, webhook);
   * });
   * @throws TypeError when the webhook is not being handled, or the manager is in no transaction.
   */
  async completeWithin(manager: EntityManager, webhook: ReceivedWebhook): Promise<void> {
    const running = claimOf(webhook);
    if (!running)
      throw new TypeError(`The webhook "${webhook.id}" is not being handled with this replay memory`);
    if (!manager.queryRunner?.isTransactionActive) throw new TypeError('This manager is in no transaction');
    const { claim, terms } = running;
    const statement = { sql: this.statements.complete, params: this.params(claim, terms.rememberMs) };
    const [kept] = await (await this.opened()).within(manager).run([statement]);
    if (kept!.length === 0)
      throw new TypeError(`The webhook "${webhook.id}" was taken over by another request`);
  }

  async release(claim: Claim): Promise<void> {
    await this.run(this.statements.release, [claim.scope, claim.id, claim.token]);
  }

  private params({ scope, id, token }: Claim, milliseconds: number): unknown[] {
    return [scope, id, token, milliseconds, this.clock.offset];
  }

  private async purge(): Promise<void> {
    if (this.clock.monotonic() < this.purgeAt) return;
    this.purgeAt = this.clock.monotonic() + PURGE_EVERY_MS;
    const gone = await this.run(this.statements.purge, [this.clock.offset, PURGE_ROWS]);
    if (gone.length === PURGE_ROWS) this.purgeAt = 0;
  }

  private async run(sql: string, params: readonly unknown[]): Promise<Row[]> {
    const statement: Statement = { sql, params };
    const [rows] = await (await this.opened()).run([statement]);
    return rows!;
  }

  private opened(): Promise<Database> {
    return (this.database ??= databaseOver(this.dataSource, this.sql));
  }
}
