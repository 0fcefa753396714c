import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, cpus, loadavg } from 'node:os';

const require = createRequire(import.meta.url);

// Read as a file: the package does not export its manifest.
function versionOf(name) {
  const manifest = new URL(`../../node_modules/${name}/package.json`, import.meta.url);
  return JSON.parse(readFileSync(manifest, 'utf8')).version;
}

/** What a figure depends on besides the code. */
export function machine() {
  return {
    date: new Date().toISOString().slice(0, 10),
    node: process.versions.node,
    cores: availableParallelism(),
    cpu: `${availableParallelism()} × ${cpus()[0]?.model.trim() ?? 'unknown'}`,
    platform: `${process.platform} ${process.arch}`,
    typeorm: versionOf('typeorm'),
    sqlite: sqliteVersion(),
    load: loadavg()[0].toFixed(1),
  };
}

function sqliteVersion() {
  const Database = require('better-sqlite3');
  const database = new Database(':memory:');
  const { version } = database.prepare('SELECT sqlite_version() AS version').get();
  database.close();
  return version;
}
