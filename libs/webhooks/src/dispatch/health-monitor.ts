import type { Clock } from '../internal/clock.js';
import type { LifecycleEvent, LifecycleName } from '../subscriptions/lifecycle.service.js';
import type { Subscription } from '../subscriptions/subscription.js';
import type { Admission } from './admission.js';
import type { Attempt, Delivery, Settlement } from './delivery.js';
import type { HealthChange, HealthRules, HealthState, SubscriptionHealth } from './health.js';
import { HEALTHY, afterFailure, afterSuccess } from './health.js';

/** What an attempt says about its subscription, beside what is recorded of the delivery. */
export interface AttemptReport {
  readonly settlement: Settlement;
  readonly attempt: Attempt;
  /** The receiver says that he will never want anything again. */
  readonly gone: boolean;
  /** Milliseconds for which the receiver asks to be left alone; null: he does not. */
  readonly backOffMs: number | null;
}

/** What the monitor works with. */
export interface HealthParts {
  readonly admission: Admission;
  readonly clock: Clock;
  readonly rules: HealthRules;
  /** Remembers a subscription's health beyond this process. */
  note(subscriptionId: string, health: SubscriptionHealth): void;
  /** Disables a subscription, if it still is this version of it. */
  disable(subscription: Subscription, reason: string): void;
  tell(name: LifecycleName, event: LifecycleEvent): void;
}

/** Failures after which the host is told of a delivery. */
const FAILING_ATTEMPTS = 4;
/** Times that a template may run into a limit. */
const RENDER_LIMITS = 3;

/** Draws the conclusions from each attempt: circuit, slowing down, disabling, and what the host is told. */
export class HealthMonitor {
  private readonly known = new Map<string, SubscriptionHealth>();
  /** Templates that ran into a limit, by subscription and version. */
  private readonly overLimit = new Map<string, number>();

  constructor(private readonly parts: HealthParts) {}

  /** What earlier processes, or others, wrote down. */
  restore(id: string, { version, state }: SubscriptionHealth): void {
    this.known.set(id, { version, state });
    if (state.openUntil === null) return;
    // Written by a process whose clock may have been hours ahead of this one's.
    const left = Math.min(state.openUntil - this.parts.clock.now(), this.parts.rules.openForMax);
    this.parts.admission.open({ id, version }, Math.max(0, left));
  }

  observe(subscription: Subscription, report: AttemptReport): void {
    // It was not meant for this subscription after all: that says nothing of its endpoint.
    if (report.settlement.state === 'canceled') return;
    this.tellOfDelivery(subscription, report);
    const { id, version } = subscription;
    const known = this.known.get(id);
    // Nor does it say anything of what the subscription was made into meanwhile.
    if (known && known.version > version) return;
    this.conclude(subscription, report, known?.version === version ? known.state : HEALTHY);
  }

  private conclude(subscription: Subscription, report: AttemptReport, before: HealthState): void {
    const { id, version } = subscription;
    const succeeded = report.settlement.state === 'succeeded';
    const now = this.parts.clock.now();
    const change = succeeded ? afterSuccess(before) : afterFailure(before, now, this.parts.rules);
    const health = { version, state: change.state };
    if (change.state === HEALTHY) this.known.delete(id);
    else this.known.set(id, health);
    if (change.persist) this.parts.note(id, health);
    this.admit(subscription, report, before, change);
    this.tellOfSubscription(subscription, report, change);
  }

  private admit(
    { id, version }: Subscription,
    { backOffMs }: AttemptReport,
    before: HealthState,
    { state }: HealthChange,
  ): void {
    const { admission, clock } = this.parts;
    if (state === HEALTHY) return admission.succeeded(id);
    admission.failed(id);
    if (backOffMs !== null) admission.block({ id, version }, backOffMs);
    if (state.openUntil === null || state.opens === before.opens) return;
    admission.open({ id, version }, state.openUntil - clock.now());
  }

  private tellOfDelivery(subscription: Subscription, { settlement, attempt }: AttemptReport): void {
    const { delivery, state } = settlement;
    const about = aboutDelivery(subscription, delivery, attempt);
    if (state === 'exhausted') this.parts.tell('webhooks.delivery.exhausted', about);
    else if (state === 'pending' && attempt.number === FAILING_ATTEMPTS)
      this.parts.tell('webhooks.delivery.failing', about);
    else if (state === 'succeeded' && attempt.number > FAILING_ATTEMPTS)
      this.parts.tell('webhooks.delivery.recovered', about);
  }

  private tellOfSubscription(
    subscription: Subscription,
    { gone, attempt }: AttemptReport,
    change: HealthChange,
  ): void {
    const { id, tenant } = subscription;
    if (gone) return this.parts.disable(subscription, 'gone');
    if (this.burnsTime(subscription, attempt)) return this.parts.disable(subscription, 'template_limit');
    if (change.disable) return this.parts.disable(subscription, 'failing');
    if (change.notice === null) return;
    this.parts.tell('webhooks.subscription.unhealthy', {
      subscriptionId: id,
      tenant,
      percent: change.notice,
    });
  }

  // A template that runs until it is stopped takes that time from everybody.
  private burnsTime({ id, version }: Subscription, { error }: Attempt): boolean {
    if (error !== 'TEMPLATE_RENDER_LIMIT') return false;
    const key = `${id}@${version}`;
    const times = (this.overLimit.get(key) ?? 0) + 1;
    this.overLimit.set(key, times);
    return times >= RENDER_LIMITS;
  }
}

function aboutDelivery({ id, tenant }: Subscription, delivery: Delivery, attempt: Attempt): LifecycleEvent {
  return {
    subscriptionId: id,
    tenant,
    deliveryId: delivery.id,
    eventId: delivery.event.id,
    eventType: delivery.event.type,
    attempts: attempt.number,
    status: attempt.status,
    error: attempt.error,
  };
}
