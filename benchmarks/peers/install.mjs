import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('.', import.meta.url));

function manifest(path) {
  try {
    return JSON.parse(readFileSync(`${FOLDER}${path}package.json`, 'utf8'));
  } catch {
    return {};
  }
}

/** Installs the peers from their own lock file, unless they are there. */
export async function installPeers() {
  const wanted = Object.entries(manifest('').dependencies);
  if (wanted.every(([name, version]) => manifest(`node_modules/${name}/`).version === version)) return;
  // Not `npm ci`: a lock file made on one platform lacks the optional packages of others, and it refuses that.
  const script = process.env.npm_execpath;
  const [command, ...first] = script?.endsWith('.js') ? [process.execPath, script] : ['npm'];
  const args = [
    ...first,
    'install',
    '--no-save',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ];
  const code = await new Promise((resolve, reject) => {
    spawn(command, args, { cwd: FOLDER, stdio: ['ignore', 2, 2] })
      .once('error', reject)
      .once('exit', resolve);
  });
  if (code !== 0) throw new Error('The peers could not be installed: npm’s reason stands above.');
}
