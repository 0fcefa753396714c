import { SubscriptionConflictError } from '../errors/subscription-conflict-error.js';
import { SubscriptionNotFoundError } from '../errors/subscription-not-found-error.js';

/** More often in a row nobody comes in between by chance. */
const ATTEMPTS = 5;

/** Looks and acts again when somebody else made, changed or deleted the subscription between the look and the deed. */
export async function repeatRaces<T>(lookAndAct: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await lookAndAct();
    } catch (error) {
      const isRace = error instanceof SubscriptionConflictError || error instanceof SubscriptionNotFoundError;
      if (!isRace || attempt === ATTEMPTS) throw error;
    }
  }
}
