/** How a subscription's endpoint has been doing. All instants are epoch milliseconds. */
export interface HealthState {
  /** Failures since the last success. */
  readonly failures: number;
  /** When the first of them happened; null while there is none. */
  readonly failingSince: number | null;
  /** Until when nothing is sent; null: the circuit is closed. */
  readonly openUntil: number | null;
  /** How often the circuit opened since the last success: each time it stays open twice as long. */
  readonly opens: number;
  /** Percent of the way to being disabled that was announced: 0, 50 or 90. */
  readonly noticed: number;
}

/** How one version of a subscription has been doing: whoever changes it gets a fresh start. */
export interface SubscriptionHealth {
  readonly version: number;
  readonly state: HealthState;
}

/** What an outcome means for a subscription. */
export interface HealthChange {
  readonly state: HealthState;
  /** Worth writing down: a process that starts, or another one, must know. */
  readonly persist: boolean;
  /** Percent to be announced now; null: nothing. */
  readonly notice: number | null;
  /** It has done nothing but fail for too long. */
  readonly disable: boolean;
}

/** The thresholds. Times in milliseconds. */
export interface HealthRules {
  /** Failures in a row that open the circuit. */
  readonly failureThreshold: number;
  /** How long it stays open the first time. */
  readonly openFor: number;
  /** How long at most. */
  readonly openForMax: number;
  /** How long a subscription may do nothing but fail, and not less often than `failureThreshold`. */
  readonly disableAfter: number;
}

/** No failure since the last success. */
export const HEALTHY: HealthState = {
  failures: 0,
  failingSince: null,
  openUntil: null,
  opens: 0,
  noticed: 0,
};

const NOTICES = [90, 50];

/** A success ends every streak. */
export function afterSuccess(state: HealthState): HealthChange {
  return { state: HEALTHY, persist: state.failingSince !== null, notice: null, disable: false };
}

/** One more failure at `now`. */
export function afterFailure(state: HealthState, now: number, rules: HealthRules): HealthChange {
  const failingSince = state.failingSince ?? now;
  const failures = state.failures + 1;
  const share = ((now - failingSince) / rules.disableAfter) * 100;
  const notice = NOTICES.find((percent) => share >= percent && state.noticed < percent) ?? null;
  const circuit = circuitAfter(state, failures, now, rules);
  const next = { failures, failingSince, ...circuit, noticed: notice ?? state.noticed };
  const persist = state.failingSince === null || circuit.opens !== state.opens || notice !== null;
  // A streak and a duration: two failures with a week of silence between them say little.
  const disable = share >= 100 && failures >= rules.failureThreshold;
  return { state: next, persist, notice, disable };
}

function circuitAfter(
  { openUntil, opens }: HealthState,
  failures: number,
  now: number,
  rules: HealthRules,
): Pick<HealthState, 'openUntil' | 'opens'> {
  // Attempts that were under way when it opened tell nothing new.
  const isOpen = openUntil !== null && openUntil > now;
  if (isOpen || failures < rules.failureThreshold) return { openUntil, opens };
  const openFor = Math.min(rules.openForMax, rules.openFor * 2 ** opens);
  return { openUntil: now + openFor, opens: opens + 1 };
}
