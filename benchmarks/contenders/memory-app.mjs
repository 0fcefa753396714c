/** An application that sends what it finds, and tells how much memory it has. */
import { setTimeout as wait } from 'node:timers/promises';
import { openHost } from '../support/host-app.mjs';

const SETTLED_MS = 1_000;

export async function open({ database }) {
  const host = await openHost({ database });
  return {
    async megabytes() {
      // Garbage of the start is nobody's backlog.
      for (let round = 0; round < 3; round++) {
        globalThis.gc();
        await wait(SETTLED_MS / 3);
      }
      return process.memoryUsage.rss() / 1024 / 1024;
    },
    close: () => host.close(),
  };
}
