import type { SubscriptionSecret } from '../subscriptions/signing-keys.js';
import type { SubscriptionDraft } from '../subscriptions/subscription-input.js';
import { Subscription } from '../subscriptions/subscription.js';
import type { SecretHolder } from '../subscriptions/template-secrets.js';

/** What was found right of a draft. */
export interface CheckedDraft extends SecretHolder {
  readonly fields: readonly string[] | null;
  readonly secrets: readonly SubscriptionSecret[];
}

const NOT_STORED = {
  id: 'sub_preview',
  stateReason: null,
  aliased: [],
  version: 0,
  createdAt: 0,
  updatedAt: 0,
};

/** The subscription that would be made, but for its filter: what that refuses is shown all the same. */
export function draftSubscription(draft: SubscriptionDraft, checked: CheckedDraft): Subscription {
  return new Subscription({ ...draft, ...NOT_STORED, ...checked, filter: null, problem: null });
}
