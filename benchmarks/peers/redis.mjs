/** A Redis of our own on a free port, in a temporary folder. */
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const START_MS = 10_000;
const POLL_MS = 50;

/** As BullMQ's guide to production asks for: an append-only file that is synced every second, and nothing is ever evicted. */
const DURABLE = { appendonly: 'yes', appendfsync: 'everysec', 'maxmemory-policy': 'noeviction', save: '' };

/** Says why there is no Redis. */
export class RedisMissingError extends Error {}

async function freePort() {
  const probe = createServer();
  await new Promise((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

function answers(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    socket.once('data', (answer) => resolve(answer.toString().startsWith('+PONG')));
    socket.once('error', () => resolve(false));
    socket.once('data', () => socket.destroy());
  });
}

/** @returns the port and a way to stop it; it also ends with this process */
export async function startRedis() {
  const folder = await mkdtemp(join(tmpdir(), 'webhooks-redis-'));
  const port = await freePort();
  const options = { port, bind: '127.0.0.1', dir: folder, ...DURABLE };
  const flags = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const server = spawn('redis-server', flags, { stdio: 'ignore' });
  const stop = () => {
    server.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', stop);
  const failed = new Promise((resolve) => server.once('error', resolve).once('exit', resolve));
  for (let waited = 0; !(await answers(port)); waited += POLL_MS) {
    const reason = await Promise.race([failed, wait(POLL_MS)]);
    if (reason?.code === 'ENOENT') throw new RedisMissingError('there is no redis-server on the PATH');
    if (reason !== undefined || waited > START_MS) throw new Error(`Redis did not start: ${String(reason)}`);
  }
  return { port, stop };
}
