import type { Clock, Timer } from './clock.js';

/** Resolves with the work, or after so many milliseconds without it; the work goes on. */
export async function within(clock: Clock, ms: number, work: Promise<void>): Promise<void> {
  let deadline: Timer | undefined;
  const late = new Promise<void>((resolve) => (deadline = clock.after(ms, resolve)));
  await Promise.race([work, late]);
  deadline?.cancel();
}
