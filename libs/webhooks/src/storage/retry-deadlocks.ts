import { isDeadlock } from './driver-errors.js';

const ATTEMPTS = 3;

/** Runs a transaction again that the database gave up so that another one could go on. */
export async function retryDeadlocks<T>(run: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run();
    } catch (error) {
      if (!isDeadlock(error) || attempt === ATTEMPTS) throw error;
    }
  }
}
