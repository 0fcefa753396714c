import type { ReceivedWebhook } from '../received-webhook.js';
import type { RunningClaim } from './running-claim.js';

const claims = new WeakMap<ReceivedWebhook, RunningClaim>();

/** Notes under which claim a webhook is being handled. */
export function keepClaim(webhook: ReceivedWebhook, claim: RunningClaim): void {
  claims.set(webhook, claim);
}

/** The claim of a webhook that is being handled; undefined without a replay memory. */
export function claimOf(webhook: ReceivedWebhook): RunningClaim | undefined {
  return claims.get(webhook);
}
