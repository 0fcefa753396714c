import type { ChangeRecord } from '../storage/subscription.store.js';
import type { ChangeAction, MemberChange } from './subscription-change.js';

/** One change of a subscription: who did what, when and why. */
export interface ChangeView {
  readonly subscription_id: string;
  /** The version of the subscription that it made: every version has its change. */
  readonly version: number;
  readonly tenant: string;
  /** ISO 8601. */
  readonly at: string;
  /** Whoever was named; `webhooks`: this module itself. */
  readonly actor: string | null;
  readonly action: ChangeAction;
  readonly reason: string | null;
  /** By the path of the member. Secrets are `********`, and so may be alike before and after. */
  readonly what: Readonly<Record<string, MemberChange>>;
}

/** A page of changes. */
export interface ChangePage {
  readonly items: readonly ChangeView[];
  /** The cursor of the next page; null after the last. */
  readonly next: string | null;
}

/** @param records one more than `limit`, where there are more */
export function changePage(records: readonly ChangeRecord[], limit: number): ChangePage {
  const items = records.slice(0, limit).map(viewOf);
  return { items, next: records.length > limit ? String(items.at(-1)!.version) : null };
}

function viewOf({ subscriptionId, at, what, ...rest }: ChangeRecord): ChangeView {
  return {
    subscription_id: subscriptionId,
    at: new Date(at).toISOString(),
    ...rest,
    what: JSON.parse(what) as ChangeView['what'],
  };
}
