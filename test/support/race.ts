import type { TestDatabase } from './databases.js';
import { HeldReceiver } from './held-receiver.js';
import type { Host, HostOptions } from './host.js';
import { Stage } from './stage.js';
import type { Mutant } from './statement-tap.js';
import { StatementTap } from './statement-tap.js';

/** A host whose every step towards the database can be stopped, and which looks for leftovers only when told to. */
export interface Racer extends Host {
  readonly tap: StatementTap;
}

/** An hour: nothing happens by itself while a test goes through its steps. */
const NEVER_MS = 3_600_000;

/** What a race is run on: hosts on one database with a clock each, and a receiver that answers when told. */
export class Race {
  receiver!: HeldReceiver;
  private mutant: Mutant | undefined;
  private racers: Racer[] = [];

  constructor(readonly stage: Stage) {}

  async open(): Promise<void> {
    this.receiver = await HeldReceiver.start();
    this.mutant = undefined;
    await this.stage.open();
  }

  /** Hanging requests end with the receiver: the hosts need not wait for them. */
  async close(): Promise<void> {
    await this.receiver.close();
    await this.stage.close();
    const racers = this.racers.splice(0);
    if (this.mutant && !racers.some(({ tap }) => tap.hasMutated))
      throw new Error(`No statement has the clause: ${this.mutant.clause}`);
  }

  /** Breaks every statement of the hosts that start from now on. */
  breakBy(mutant: Mutant | undefined): void {
    this.mutant = mutant;
  }

  async host(options: HostOptions = {}): Promise<Racer> {
    const delivery = { sweepInterval: NEVER_MS, ...options.webhooks?.delivery };
    const host = await this.stage.host({ ...options, webhooks: { ...options.webhooks, delivery } });
    // The looks of its beginning are over: they would take what the test means for another host.
    await host.webhooks.drain();
    const racer = Object.assign(host, { tap: new StatementTap(host, this.mutant) });
    this.racers.push(racer);
    return racer;
  }
}

/** A race for each test of the suite. */
export function useRace(database: TestDatabase): Race {
  const race = new Race(new Stage(database));
  beforeEach(() => race.open());
  afterEach(() => race.close());
  return race;
}

/** Resolves once somebody waits for a lock of the database (PostgreSQL). */
export async function waiterIn({ dataSource }: Racer): Promise<void> {
  const sql = 'SELECT 1 FROM pg_locks WHERE NOT granted';
  while (((await dataSource.query(sql)) as unknown[]).length === 0);
}
