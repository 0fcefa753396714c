import { SubscriptionInvalidError, type SubscriptionIssue } from '../errors/subscription-invalid-error.js';

/** Collects what is wrong with an input, so that its sender learns everything at once. */
export class InputIssues {
  private readonly found: SubscriptionIssue[] = [];

  /** @param message what is wrong and the way out */
  add(path: string, message: string): void {
    this.found.push({ path, message });
  }

  /** Nothing is wrong so far. */
  get isEmpty(): boolean {
    return this.found.length === 0;
  }

  /** @throws SubscriptionInvalidError when there is something */
  throwIfAny(): void {
    const [first, ...more] = this.found;
    if (first) throw new SubscriptionInvalidError([first, ...more]);
  }
}
