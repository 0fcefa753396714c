import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { TestDatabaseOptions } from './databases.js';
import { TEST_KEY } from './host.js';

const WORKER_HOST = fileURLToPath(new URL('./worker-host.mjs', import.meta.url));

/** A host application that sends, in a process of its own. */
export class ChildHost {
  private constructor(private readonly child: ChildProcess) {}

  /** Resolves when it is up. `name`: the user agent of its requests. */
  static async start(name: string, database: TestDatabaseOptions, delivery: object = {}): Promise<ChildHost> {
    // Its flags are Jest's: they would make it run the sources.
    const { NODE_OPTIONS: _jestFlags, ...env } = process.env;
    const own = {
      DATABASE: JSON.stringify(database),
      KEY: TEST_KEY,
      WORKER: name,
      DELIVERY: JSON.stringify(delivery),
    };
    const child = spawn(process.execPath, [WORKER_HOST], {
      env: { ...env, ...own },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = once(child, 'exit').then(() => Promise.reject(new Error(`${name} did not start`)));
    await Promise.race([once(child.stdout!, 'data'), exited]);
    exited.catch(() => undefined);
    return new ChildHost(child);
  }

  /** Ends it like a deployment does; resolves when it is gone. */
  async end(): Promise<void> {
    const exit = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await exit;
  }
}
