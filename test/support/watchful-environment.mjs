import { setTimeout as wait } from 'node:timers/promises';
import { TestEnvironment } from 'jest-environment-node';

/** How long a file's connections and servers may take to be gone after its last test: long, for slow machines. */
const GRACE_MS = 15_000;

/** The worker's own way to its parent, opened when a test first prints something; a child that is left is a `ProcessWrap`, too. */
const OWN = new Set(['PipeWrap', 'TTYWrap']);

/** What keeps the process alive, by kind. */
function resources() {
  const counts = new Map();
  for (const kind of process.getActiveResourcesInfo())
    if (!OWN.has(kind)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

/** Fails a file whose tests leave something open that would keep the process alive, a server or a timer. */
export default class WatchfulEnvironment extends TestEnvironment {
  #before = new Map();

  async setup() {
    await super.setup();
    this.#before = resources();
  }

  async teardown() {
    await super.teardown();
    for (const end = performance.now() + GRACE_MS; this.#left().length > 0; await wait(20))
      if (performance.now() > end)
        throw new Error(`The tests of this file left something open: ${this.#left().join(', ')}.`);
  }

  #left() {
    return [...resources()]
      .filter(([kind, count]) => count > (this.#before.get(kind) ?? 0))
      .map(([kind]) => kind);
  }
}
