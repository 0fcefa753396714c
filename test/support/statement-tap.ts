import type { DataSource } from 'typeorm';
import type { Host } from './host.js';
import { partOf } from './internals.js';

/** A statement of the module, as it is sent. */
export interface Statement {
  readonly sql: string;
  readonly params: readonly unknown[];
}

interface InnerDatabase {
  run(statements: readonly Statement[]): Promise<Record<string, unknown>[][]>;
}

/** A clause that is taken out of the module's statements, or replaced: what a promise rests on. */
export interface Mutant {
  /** The exact text. */
  readonly clause: string;
  readonly instead: string;
}

/** A batch of statements that waits for the test. */
export interface Gate {
  /** Resolves when the batch has come. */
  readonly reached: Promise<void>;
  open(): void;
}

interface ClosedGate extends Gate {
  readonly pattern: RegExp;
  /** What it holds back: the batch, or its answer. */
  readonly holds: 'batch' | 'answer';
  pass(): Promise<void>;
}

function gateFor(pattern: RegExp, holds: ClosedGate['holds'] = 'batch'): ClosedGate {
  let reach!: () => void;
  let open!: () => void;
  const reached = new Promise<void>((resolve) => (reach = resolve));
  const opened = new Promise<void>((resolve) => (open = resolve));
  const pass = (): Promise<void> => {
    reach();
    return opened;
  };
  return { pattern, holds, reached, pass, open };
}

/** Stands between a host's module and its database. */
export class StatementTap {
  /** Batches that ran: each is one round trip of one statement, or one transaction of several. */
  readonly batches: string[][] = [];
  /** The last batch with a statement that leases what is due. */
  lastClaim: readonly Statement[] = [];
  private readonly gates: ClosedGate[] = [];
  private listeners: { readonly pattern: RegExp; readonly resolve: () => void }[] = [];
  private underWay = new Set<Promise<unknown>>();
  private hits = 0;
  private readonly dataSource: DataSource;

  constructor(
    host: Host,
    private readonly mutant?: Mutant,
  ) {
    this.dataSource = host.dataSource;
    const database = partOf<InnerDatabase>(host, 'Database');
    const run = database.run.bind(database);
    database.run = (statements) => {
      const running = this.pass(run, statements);
      this.underWay.add(running);
      const over = (): void => this.over(running, statements);
      running.then(over, over);
      return running;
    };
  }

  /** Holds the next batch with such a statement back until the gate is opened. */
  hold(pattern: RegExp): Gate {
    return this.close(gateFor(pattern));
  }

  /** Runs the next batch with such a statement, and holds its answer back until the gate is opened. */
  holdAnswer(pattern: RegExp): Gate {
    return this.close(gateFor(pattern, 'answer'));
  }

  /** Holds the next transaction with such a statement back when all but its COMMIT is done (PostgreSQL). */
  holdCommit(pattern: RegExp): Gate {
    const gate = gateFor(pattern);
    const create = this.dataSource.createQueryRunner.bind(this.dataSource);
    this.dataSource.createQueryRunner = (mode) => {
      const runner = create(mode);
      const { query, commitTransaction } = runner;
      let isIt = false;
      runner.query = ((...args: Parameters<typeof query>) => {
        isIt ||= pattern.test(args[0]);
        return query.apply(runner, args);
      }) as typeof query;
      runner.commitTransaction = async () => {
        if (isIt) await gate.pass();
        return commitTransaction.call(runner);
      };
      return runner;
    };
    return gate;
  }

  /** Resolves when the next batch with such a statement has run. */
  ran(pattern: RegExp): Promise<void> {
    return new Promise((resolve) => this.listeners.push({ pattern, resolve }));
  }

  /** Resolves when no batch is under way. */
  async idle(): Promise<void> {
    while (this.underWay.size > 0) await Promise.all(this.underWay);
  }

  /** Whether the mutant's clause was there: a test that breaks nothing shows nothing. */
  get hasMutated(): boolean {
    return this.hits > 0;
  }

  private close(gate: ClosedGate): Gate {
    this.gates.push(gate);
    return gate;
  }

  // Without a gate it runs at once: on SQLite a batch is over when the call returns.
  private pass(
    run: InnerDatabase['run'],
    statements: readonly Statement[],
  ): ReturnType<InnerDatabase['run']> {
    const mutated = statements.map((statement) => this.mutate(statement));
    this.batches.push(mutated.map(({ sql }) => sql));
    if (mutated.some(({ sql }) => sql.includes('fence = t.fence + 1 '))) this.lastClaim = mutated;
    const at = this.gates.findIndex(({ pattern }) => mutated.some(({ sql }) => pattern.test(sql)));
    if (at === -1) return run(mutated);
    const [gate] = this.gates.splice(at, 1);
    if (gate!.holds === 'batch') return gate!.pass().then(() => run(mutated));
    return run(mutated).then((answer) => gate!.pass().then(() => answer));
  }

  private over(running: Promise<unknown>, statements: readonly Statement[]): void {
    this.underWay.delete(running);
    const heard = this.listeners.filter(({ pattern }) => statements.some(({ sql }) => pattern.test(sql)));
    this.listeners = this.listeners.filter((listener) => !heard.includes(listener));
    for (const { resolve } of heard) resolve();
  }

  private mutate(statement: Statement): Statement {
    if (!this.mutant || !statement.sql.includes(this.mutant.clause)) return statement;
    this.hits++;
    return { ...statement, sql: statement.sql.replaceAll(this.mutant.clause, this.mutant.instead) };
  }
}
