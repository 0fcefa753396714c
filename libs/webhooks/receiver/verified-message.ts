import type { ReceivedWebhook } from './received-webhook.js';

/** What the guard found out, for what comes after it. */
export interface VerifiedMessage {
  readonly webhook: ReceivedWebhook;
  /** The route and the sender, for the replay memory. */
  readonly scope: string;
}

const messages = new WeakMap<object, VerifiedMessage>();

/** Keeps a request's message. Beside the request and not on it: no other code can put one there. */
export function keepVerified(request: object, message: VerifiedMessage): void {
  messages.set(request, message);
}

/** The message of a request that was verified. */
export function verifiedMessageOf(request: object): VerifiedMessage | undefined {
  return messages.get(request);
}
