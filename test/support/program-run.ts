import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Client } from 'pg';
import type { TestDatabase } from './databases.js';

/** Variables of a program under test, beside those of this process. */
export type Environment = Readonly<Record<string, string>>;

/** What tells the sample's programs to use a new database of the server, or a file of their own. */
export async function environmentOf(database: TestDatabase): Promise<Environment> {
  const fresh = await database.fresh();
  return fresh.type === 'postgres' ? { DATABASE_URL: fresh.url } : {};
}

/** One of the sample's programs, and what it prints while it runs. */
export class ProgramRun {
  output = '';
  private readonly child: ChildProcess;
  private readonly ended: Promise<unknown>;

  constructor(main: string, env: Environment, ...args: string[]) {
    // Jest's own flags and colours are not for the child.
    const { NODE_OPTIONS, FORCE_COLOR, NO_COLOR, DATABASE_URL, DEMO_EXPECT, ...rest } = process.env;
    void [NODE_OPTIONS, FORCE_COLOR, NO_COLOR, DATABASE_URL, DEMO_EXPECT];
    this.child = spawn(process.execPath, [main, ...args], { env: { ...rest, ...env } });
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    this.ended = once(this.child, 'close');
  }

  /** Resolves with the first match as soon as it is printed. */
  async printed(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.output);
      if (match) return match;
      await Promise.race([once(this.child.stdout!, 'data'), this.ended]);
      if (this.child.exitCode !== null && !pattern.test(this.output))
        throw new Error(`It ended without ${pattern}:\n${this.output}`);
    }
  }

  /** As Ctrl-C does. */
  interrupt(): void {
    this.child.kill('SIGINT');
  }

  /** Resolves when it has ended. */
  async exitCode(): Promise<number | null> {
    await this.ended;
    return this.child.exitCode;
  }
}

/** Schemas that the sample's programs have left behind. */
export async function bookingSchemas(url: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query(`SELECT nspname FROM pg_namespace WHERE nspname LIKE 'booking%'`);
  await client.end();
  return rows;
}
