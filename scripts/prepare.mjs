/**
 * Makes a checkout ready to run: installs the dependencies when they are not those of package-lock.json and, with
 * --build, builds what is outdated. Says nothing when there is nothing to do. Needs only Node and npm.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const MODULES = join(ROOT, 'node_modules');
const STAMP = join(MODULES, '.prepared');
/** A build that takes longer than this is worth a line; checking that nothing changed is not. */
const SILENCE_MS = 1_500;
const MINIMUM_NODE = [20, 19];

function say(text) {
  process.stderr.write(`${text}\n`);
}

function fail(text) {
  say(`\n${text}`);
  process.exit(1);
}

function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const [wantedMajor, wantedMinor] = MINIMUM_NODE;
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) return;
  fail(`Node ${process.versions.node} is too old: this needs Node ${MINIMUM_NODE.join('.')} or newer.`);
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** What the installed modules depend on: the lockfile, and the binary interface that native modules were compiled for. */
function wantedStamp() {
  const lock = createHash('sha256')
    .update(readFileSync(join(ROOT, 'package-lock.json')))
    .digest('hex');
  return `${lock} ${process.platform}-${process.arch}-${process.versions.modules}\n`;
}

/**
 * True after a finished `npm ci` or `npm install` by hand. npm writes its own record last of all, so an interrupted
 * install has none; but a dry run writes one too, so the folders themselves are asked.
 */
function installedByHand() {
  if (read(join(MODULES, '.package-lock.json')) === undefined) return false;
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));
  const isInstalled = ([path, { version, link, optional }]) => {
    const manifest = read(join(ROOT, path, 'package.json'));
    if (manifest === undefined) return optional === true;
    return link === true || JSON.parse(manifest).version === version;
  };
  const modules = Object.entries(packages).filter(([path]) => path.includes('node_modules/'));
  return modules.every(isInstalled) && nativeModuleLoads();
}

function nativeModuleLoads() {
  try {
    const Database = createRequire(join(ROOT, 'package.json'))('better-sqlite3');
    new Database(':memory:').close();
    return true;
  } catch {
    return false;
  }
}

/** Outlives an interruption until the child is gone: an npm that still cleans up would trip the next one. */
function run(command, args) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: ROOT, stdio: ['ignore', 2, 2] });
    // Ctrl-C reaches the child by itself (same terminal), SIGTERM does not.
    let interrupted = false;
    process.on('SIGINT', () => (interrupted = true));
    process.on('SIGTERM', () => (interrupted = child.kill('SIGTERM')));
    child.once('error', (error) => {
      say(error.message);
      resolve(false);
    });
    child.once('exit', (code, signal) => {
      process.removeAllListeners('SIGINT');
      process.removeAllListeners('SIGTERM');
      if (signal || (interrupted && code !== 0)) fail('Interrupted. The next run starts this step anew.');
      resolve(code === 0);
    });
  });
}

/** The npm that runs us, or the one that came with this Node. */
function npm(...args) {
  const script = process.env.npm_execpath;
  return script?.endsWith('.js') ? run(process.execPath, [script, ...args]) : run('npm', args);
}

async function install() {
  const stamp = wantedStamp();
  if (read(STAMP) === stamp) return;
  if (!installedByHand()) {
    say(
      'Installing dependencies: about a minute; where better-sqlite3 has to be compiled, 2–3 minutes more …',
    );
    const done = await npm('ci', '--no-audit', '--no-fund', '--loglevel=error');
    if (!done) fail(INSTALL_FAILED);
    if (!nativeModuleLoads()) fail(NATIVE_MODULE_MISSING);
  }
  // Last: whoever finds the stamp finds everything before it done.
  writeFileSync(STAMP, stamp);
}

const INSTALL_FAILED = `The installation failed; npm's reason stands above.
  no network or registry   check "npm ping", then run the same command again
  gyp ERR! while compiling better-sqlite3 wants a C++ compiler, make and python3
                           (Debian, Ubuntu: apt-get install g++ make python3; macOS: xcode-select --install)`;

const NATIVE_MODULE_MISSING = `better-sqlite3 was installed, but does not load. Its install script may have been blocked:
  npm rebuild better-sqlite3 --foreground-scripts`;

async function build() {
  const tsc = join(MODULES, 'typescript', 'bin', 'tsc');
  const notice = setTimeout(() => say('Building …'), SILENCE_MS);
  const done =
    (await run(process.execPath, [tsc, '-b', 'apps/booking/tsconfig.build.json'])) &&
    (await run(process.execPath, [join(ROOT, 'scripts', 'bundle.mjs')]));
  clearTimeout(notice);
  if (!done)
    fail("The build failed; the compiler's reasons stand above. After repairing them: npm run build");
}

requireNode();
await install();
if (process.argv.includes('--build')) await build();
