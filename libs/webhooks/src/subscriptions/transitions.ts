import { SubscriptionConflictError } from '../errors/subscription-conflict-error.js';
import type { StateChange, SubscriptionRecord, SubscriptionState } from './subscription-record.js';

/** What somebody may ask of a subscription's state. */
export type Transition = 'enable' | 'disable' | 'pause' | 'resume';

interface Rule {
  readonly to: SubscriptionState;
  readonly deliveries: StateChange['deliveries'];
  /** States that do not allow it, and what to do instead. */
  readonly refused: Partial<Record<SubscriptionState, string>>;
}

const RULES: Readonly<Record<Transition, Rule>> = {
  // Sends nothing by itself: what was held is recovered or replayed explicitly.
  enable: { to: 'enabled', deliveries: 'leave', refused: { paused: 'resume it instead' } },
  disable: { to: 'disabled', deliveries: 'hold', refused: {} },
  pause: { to: 'paused', deliveries: 'hold', refused: { disabled: 'enable it first' } },
  resume: { to: 'enabled', deliveries: 'release', refused: { disabled: 'enable it instead' } },
};

/**
 * What a transition changes; null when the subscription is in that state already.
 *
 * @throws SubscriptionConflictError when its state does not allow it
 */
export function changeFor(
  transition: Transition,
  { id, state }: SubscriptionRecord,
  reason: string | undefined,
): StateChange | null {
  const { to, deliveries, refused } = RULES[transition];
  const advice = refused[state];
  if (advice !== undefined) {
    throw new SubscriptionConflictError(
      `Cannot ${transition} the subscription ${id}: it is ${state}, ${advice}.`,
    );
  }
  // Enabled is how a subscription should be: that needs no reason.
  return state === to ? null : { to, reason: to === 'enabled' ? null : (reason ?? null), deliveries };
}
