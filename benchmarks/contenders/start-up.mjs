/** The same application with the module, an event class and its tables in place. */
import { openHost } from '../support/host-app.mjs';

export async function open({ database }) {
  const host = await openHost({ database });
  const readyAfterMs = performance.now();
  return { readyAfterMs: () => readyAfterMs, close: () => host.close() };
}
