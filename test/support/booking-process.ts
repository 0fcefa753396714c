import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { TestDatabaseOptions } from './databases.js';

const MAIN = fileURLToPath(new URL('../../apps/booking/dist/main.js', import.meta.url));
/** Who is seeded, as his requests say it. */
export const CALLER = { 'x-consumer-id': 'nube-travel', 'x-agent-id': 'lucia-perez' };

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** The booking app as it is run for real: built, configured by its environment, in a process of its own. */
export class BookingProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {}

  /** Resolves when it serves. */
  static async start(database: TestDatabaseOptions): Promise<BookingProcess> {
    // Its flags are Jest's: they would make it run the sources.
    const { NODE_OPTIONS: _jestFlags, ...env } = process.env;
    const port = await freePort();
    const stored =
      database.type === 'postgres' ? { DATABASE_URL: database.url } : { BOOKING_DB: database.database };
    const own = { ...stored, PORT: String(port), BOOKING_ALLOW_LOOPBACK: '1', NO_COLOR: '1' };
    const child = spawn(process.execPath, [MAIN], {
      env: { ...env, ...own },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = once(child, 'exit').then(() => Promise.reject(new Error('The app did not start.')));
    await Promise.race([said(child, 'successfully started'), exited]);
    exited.catch(() => undefined);
    // Nest says so before it opens the port.
    while (child.exitCode === null && !(await accepts(port))) await setTimeout(20);
    return new BookingProcess(child, `http://127.0.0.1:${port}`);
  }

  /** Answers the body. */
  async post(path: string, body: object): Promise<Record<string, unknown>> {
    const headers = { 'content-type': 'application/json', ...CALLER };
    const response = await fetch(this.url + path, { method: 'POST', headers, body: JSON.stringify(body) });
    const answer = (await response.json()) as Record<string, unknown>;
    if (!response.ok) throw new Error(`${path}: ${JSON.stringify(answer)}`);
    return answer;
  }

  /** Ends it like a deployment does; resolves when it is gone. */
  async end(): Promise<void> {
    const exit = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await exit;
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('error', () => resolve(false));
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });
}

function said(child: ChildProcess, text: string): Promise<void> {
  let heard = '';
  return new Promise((resolve) => {
    child.stdout!.on('data', (chunk: Buffer) => {
      heard = (heard + String(chunk)).slice(-1_000);
      if (heard.includes(text)) resolve();
    });
  });
}
