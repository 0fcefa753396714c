/**
 * Puts each entry point of a built library into one file: loading some 300 small modules takes two fifths of what the library
 * adds to the start of a process. Does nothing while the bundle is newer than the build.
 *
 * node scripts/bundle.mjs [the library's folder, libs/webhooks without]
 */
import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const LIBRARY = resolve(process.argv[2] ?? fileURLToPath(new URL('../libs/webhooks', import.meta.url)));
const DIST = join(LIBRARY, 'dist');
const BUNDLE = join(DIST, 'bundle');
const STAMP = join(DIST, '.bundled');

/** The entry points of package.json, by the names of their bundles. */
const INPUT = {
  index: join(DIST, 'src/index.js'),
  testing: join(DIST, 'testing/index.js'),
  receiver: join(DIST, 'receiver/index.js'),
  telemetry: join(DIST, 'telemetry/index.js'),
  terminus: join(DIST, 'terminus/index.js'),
};

function changedAt(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function isPackage(id) {
  return !/^[./]|^[A-Za-z]:/.test(id);
}

// The compiler's helpers for decorators ask for a global of the same name first.
function onLog(level, log, next) {
  if (log.code !== 'THIS_IS_UNDEFINED') next(level, log);
}

async function bundle() {
  const { rollup } = await import('rollup');
  const build = await rollup({ input: INPUT, external: isPackage, onLog });
  const { output } = await build.write({
    dir: BUNDLE,
    entryFileNames: '[name].js',
    chunkFileNames: 'shared-[hash].js',
  });
  await build.close();
  // Not before: a process that runs may still want a part of what was there before.
  const written = new Set(output.map(({ fileName }) => fileName));
  for (const name of readdirSync(BUNDLE)) if (!written.has(name)) rmSync(join(BUNDLE, name));
  // Whoever was interrupted before begins anew.
  writeFileSync(STAMP, '');
}

// The compiler writes its record last.
if (changedAt(STAMP) < changedAt(join(DIST, '.tsbuildinfo'))) await bundle();
