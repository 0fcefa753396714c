import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { DeliveryOptions } from 'nestjs-webhooks';
import type { TestDatabaseOptions } from '../../support/databases.js';
import { TEST_KEY } from '../../support/host.js';

const PROGRAM = fileURLToPath(new URL('./fault-process.mjs', import.meta.url));

/** A defence that a process lacks: see `mutants.mjs`. */
export type MutantName =
  | 'no-lease'
  | 'no-fence'
  | 'hand-over-before-commit'
  | 'record-before-send'
  | 'id-per-attempt'
  | 'no-renewal'
  | 'no-release'
  | 'cut-off-is-failure'
  | 'no-bound-on-shutdown'
  | 'short-lease'
  | 'time-of-the-process'
  | 'time-of-the-start'
  | 'no-idempotency'
  | 'cursor-before-rows'
  | 'close-apart'
  | 'close-afterwards';

/** How a process differs from a plain host. */
export interface FaultHostOptions {
  /** The user agent of its requests. @default 'host' */
  readonly name?: string;
  readonly dispatch?: boolean;
  readonly delivery?: DeliveryOptions;
  /** So much later it is for this process, in the database's time: what others lease for less is free for it. @default 0 */
  readonly aheadMs?: number;
  readonly mutant?: MutantName | undefined;
  /** Where it kills itself; at the commit it waits to be killed. */
  readonly diesAt?: 'before-commit' | 'before-hand-over' | 'before-record';
}

/** How orders are placed. */
export interface PublishInput {
  /** Of these the transactions are rolled back after everything is written. */
  readonly rollBack?: readonly string[];
  readonly idempotencyKey?: string;
}

/** What `publish()` gave inside the process. */
export interface Published {
  readonly id: string;
  readonly duplicate: boolean;
}

interface Pending {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/** Where a process tells by itself that it is. */
type Stage = 'committing' | 'draining' | 'late';

type Report =
  | { readonly committed: string }
  | { readonly reached: Stage }
  | { readonly id: number; readonly result?: unknown; readonly error?: string };

function launch(database: TestDatabaseOptions, options: FaultHostOptions): ChildProcess {
  // Its flags are Jest's: they would make it run the sources.
  const { NODE_OPTIONS: _jestFlags, ...env } = process.env;
  const plain = { name: 'host', dispatch: true, delivery: {}, aheadMs: 0, key: TEST_KEY, database };
  return spawn(process.execPath, [PROGRAM], {
    env: { ...env, FAULT_HOST: JSON.stringify({ ...plain, ...options }) },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
}

/** A host application in a process of its own, which does as it is told and can be ended in every way there is. */
export class FaultHost {
  /** Orders whose transactions it reported as committed. */
  readonly committed: string[] = [];
  /** Resolves with the signal that ended it, or null if it left by itself. */
  readonly exited: Promise<NodeJS.Signals | null>;
  private readonly pending = new Map<number, Pending>();
  private readonly stages = new Map<Stage, () => void>();
  private asked = 0;
  /** Resolves when it has come to a commit at which it waits to be killed. */
  readonly committing = this.reaches('committing');
  /** Resolves after SIGTERM, when it begins nothing more and waits for what is under way. */
  readonly draining = this.reaches('draining');
  private readonly late = this.reaches('late');

  private constructor(private readonly child: ChildProcess) {
    child.on('message', (report) => this.hear(report as Report));
    this.exited = once(child, 'close').then(([, signal]) => {
      for (const { reject } of this.pending.values())
        reject(new Error(`The host is gone: ${String(signal)}`));
      return signal as NodeJS.Signals | null;
    });
  }

  /** Resolves when it is up, or has died where it was to: what it fires while it starts may kill it before it can tell. */
  static async start(database: TestDatabaseOptions, options: FaultHostOptions = {}): Promise<FaultHost> {
    const child = launch(database, options);
    const host = new FaultHost(child);
    const ended = host.exited.then((signal) => {
      if (options.diesAt === undefined || signal !== 'SIGKILL') throw new Error('The host did not start');
    });
    await Promise.race([once(child, 'message'), ended]);
    ended.catch(() => undefined);
    return host;
  }

  /** Places orders, all at the same time, each with its event in a transaction of its own. */
  publish(ids: readonly string[], input: PublishInput = {}): Promise<(Published | undefined)[]> {
    return this.ask('publish', { ids, ...input });
  }

  /** Publishes events without a transaction, all at the same time. */
  publishOutside(ids: readonly string[], idempotencyKey: string): Promise<Published[]> {
    return this.ask('publishOutside', { ids, idempotencyKey });
  }

  /** Places orders whose events are scheduled for a long time ago. */
  schedule(ids: readonly string[]): Promise<void> {
    return this.ask('schedule', { ids });
  }

  /** Committed business rows. */
  orders(): Promise<string[]> {
    return this.ask('orders');
  }

  /** Sends all that is due and resolves when it is on record. */
  drain(): Promise<void> {
    return this.ask('drain');
  }

  /** One look for what was left behind. */
  look(): Promise<void> {
    return this.ask('look');
  }

  /** Keeps its event loop busy; resolves when it is free again. */
  block(ms: number): Promise<void> {
    return this.ask('block', { ms });
  }

  /** Sets the clock of the process off by so much. */
  jump(ms: number): Promise<void> {
    return this.ask('jump', { ms });
  }

  /** Sends a signal, to this process only. */
  signal(signal: 'SIGSTOP' | 'SIGCONT' | 'SIGTERM' | 'SIGKILL'): void {
    this.child.kill(signal);
  }

  /** Like `kill -9`; resolves when it is gone. */
  async kill(): Promise<void> {
    this.signal('SIGKILL');
    await this.exited;
  }

  /** Ends it like a deployment does; resolves when it is gone. */
  async terminate(): Promise<void> {
    this.signal('SIGTERM');
    await this.exited;
  }

  /** Whether it is gone before it says that it has been waiting for long. */
  isGoneInTime(): Promise<boolean> {
    return Promise.race([this.exited.then(() => true), this.late.then(() => false)]);
  }

  private reaches(stage: Stage): Promise<void> {
    return new Promise((resolve) => this.stages.set(stage, resolve));
  }

  private ask<T>(command: string, input: object = {}): Promise<T> {
    const id = ++this.asked;
    return new Promise<T>((resolve, reject) => {
      this.pending.set(id, { resolve: (result) => resolve(result as T), reject });
      this.child.send({ id, command, input }, (error) => error && reject(error));
    });
  }

  private hear(report: Report): void {
    if ('committed' in report) this.committed.push(report.committed);
    if ('reached' in report) this.stages.get(report.reached)?.();
    if (!('id' in report)) return;
    const asker = this.pending.get(report.id);
    this.pending.delete(report.id);
    if (report.error !== undefined) asker?.reject(new Error(report.error));
    else asker?.resolve(report.result);
  }
}
