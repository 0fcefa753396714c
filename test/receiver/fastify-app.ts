import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Answer, Message } from './receiver-app.js';
import { send } from './receiver-app.js';

const HOST = fileURLToPath(new URL('./fastify-host.mjs', import.meta.url));

/** What an application in another process told. */
export interface Seen {
  /** By its handlers. */
  readonly received: readonly Record<string, unknown>[];
  readonly log: string;
}

/** A receiving application on Fastify, in a process of its own. */
export class FastifyApp {
  private constructor(
    private readonly child: ChildProcess,
    private readonly url: string,
  ) {}

  static async start(env: Readonly<Record<string, string>>): Promise<FastifyApp> {
    // Its flags are Jest's: they would make it run the sources.
    const { NODE_OPTIONS: _jestFlags, ...inherited } = process.env;
    const child = spawn(process.execPath, [HOST], {
      env: { ...inherited, RAW_BODY: 'true', PARENT_PID: String(process.pid), ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines = createInterface({ input: child.stdout! });
    const exited = once(child, 'exit').then(() => Promise.reject(new Error('It did not start')));
    const [address] = (await Promise.race([once(lines, 'line'), exited])) as [string];
    exited.catch(() => undefined);
    return new FastifyApp(child, address);
  }

  send(message: Message): Promise<Answer> {
    return send(this.url, message);
  }

  /** What happened there since the last time. */
  async seen(): Promise<Seen> {
    return (await (await fetch(`${this.url}/seen`)).json()) as Seen;
  }

  /** Ends it like a deployment does; resolves when it is gone. */
  async close(): Promise<void> {
    const exit = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await exit;
  }
}
