import type { Subscription } from '../subscriptions/subscription.js';
import type { Admission } from './admission.js';
import type { Delivery, DeliveryState, Settlement, Subject } from './delivery.js';
import type { DispatchParts, DispatchSettings } from './dispatch-settings.js';
import type { FanOut } from './fan-out.js';
import type { AttemptReport, HealthMonitor } from './health-monitor.js';
import { putOff } from './rate-limiter.js';
import type { Settler } from './settler.js';

/** What the sender works with, beside what the dispatcher is given. */
export interface SenderParts extends Pick<DispatchParts, 'store' | 'index' | 'attempter' | 'clock'> {
  readonly admission: Admission;
  readonly fanOut: FanOut;
  readonly settler: Settler;
  readonly health: HealthMonitor;
}

/** Not what can never be sent. */
const CAN_GO_ON: ReadonlySet<DeliveryState> = new Set(['pending', 'exhausted']);

/** Takes one delivery from the queue through its attempt: admission, lease, subscription, attempt, settle. */
export class Sender {
  private interrupting = false;

  constructor(
    private readonly settings: DispatchSettings,
    private readonly parts: SenderParts,
  ) {}

  /** From here on an attempt without an answer was ended by this process, which says nothing of its receiver. */
  interrupt(): void {
    this.interrupting = true;
  }

  send(delivery: Delivery): Promise<void> {
    return delivery.event.isTest ? this.sendTest(delivery) : this.sendEvent(delivery);
  }

  private async sendEvent(delivery: Delivery): Promise<void> {
    const { fanOut, health, attempter, admission } = this.parts;
    if (this.runsOut(delivery) && !(await this.renew(delivery))) return fanOut.abandon(delivery.event.id);
    const subscription = this.known(delivery) ?? (await this.reloaded(delivery));
    // From here on nothing is waited for: what is paused or stopped meanwhile counts.
    if (subscription?.state !== 'enabled') return this.putAside(delivery);
    const wait = admission.waitFor(subscription, delivery.manual);
    if (wait > 0) return this.settle(putOff(delivery, wait), subscription);
    const report = await attempter.attempt(delivery, subscription);
    if (this.isCutOff(report)) return this.settle(dueAtOnce(report.settlement), subscription);
    health.observe(subscription, report);
    this.settle(report.settlement, subscription);
  }

  // Whatever the state of the subscription, which it leaves as it is: it shows whether that could be sent to.
  private async sendTest(delivery: Delivery): Promise<void> {
    const { index, attempter, admission } = this.parts;
    if (this.runsOut(delivery) && !(await this.renew(delivery))) return;
    const subscription = await index.find(delivery.subscriptionId);
    if (!subscription) return this.putAside(delivery);
    const wait = admission.waitFor(subscription, true);
    if (wait > 0) return this.settle(putOff(delivery, wait), subscription);
    const report = await attempter.attempt(delivery, subscription);
    const settlement = this.isCutOff(report) ? dueAtOnce(report.settlement) : once(report.settlement);
    this.settle(settlement, subscription);
  }

  private isCutOff({ attempt, settlement }: AttemptReport): boolean {
    return this.interrupting && attempt.status === null && CAN_GO_ON.has(settlement.state);
  }

  private settle(settlement: Settlement, subscription: Subscription): void {
    this.parts.settler.settle(settlement, orderOf(settlement, subscription));
    this.parts.fanOut.settled(settlement.delivery);
  }

  private known(delivery: Delivery): Subscription | undefined {
    return this.parts.index.latest?.byId(delivery.subscriptionId);
  }

  private async reloaded(delivery: Delivery): Promise<Subscription | undefined> {
    this.parts.index.invalidate();
    return (await this.parts.index.current()).byId(delivery.subscriptionId);
  }

  // Measured on this process's monotonic clock: the wall clock may jump, and the database's is a round trip away.
  private runsOut(delivery: Delivery): boolean {
    const leasedAt =
      delivery.fence === null ? this.parts.fanOut.leaseOf(delivery)?.leasedAt : delivery.leasedAt;
    if (leasedAt === undefined) return true;
    const left = leasedAt + this.settings.lease - this.parts.clock.monotonic();
    return left < this.settings.timeout + this.settings.leaseMargin;
  }

  private async renew(delivery: Delivery): Promise<boolean> {
    const { store, clock, fanOut } = this.parts;
    const leasedAt = clock.monotonic();
    if (delivery.fence !== null) {
      const renewed = await store.renew(
        [{ id: delivery.id, fence: delivery.fence }],
        [],
        this.settings.lease,
      );
      return renewed.has(delivery.id);
    }
    const open = fanOut.leaseOf(delivery);
    if (!open) return false;
    const renewed = await store.renew([], [{ id: open.event.id, fence: open.fence }], this.settings.lease);
    open.leasedAt = leasedAt;
    return renewed.has(open.event.id);
  }

  // A lazy delivery has no row to hold: closing its event finds that subscriptions changed, and writes the held row then.
  private async putAside(delivery: Delivery): Promise<void> {
    if (delivery.fence === null) this.parts.fanOut.settled(delivery);
    else await this.parts.store.hold([{ id: delivery.id, fence: delivery.fence }]);
  }
}

// On record, but not charged to the schedule: the next process sends it again.
function dueAtOnce(settlement: Settlement): Settlement {
  return { ...settlement, state: 'pending', retryInMs: 0, step: settlement.delivery.step };
}

// Nobody waits for the second attempt of a test.
function once(settlement: Settlement): Settlement {
  return settlement.state === 'pending' ? { ...settlement, state: 'exhausted', retryInMs: null } : settlement;
}

function orderOf({ delivery, state }: Settlement, subscription: Subscription): Subject | undefined {
  const { tenant, subject } = delivery.event;
  if (subscription.ordering !== 'subject' || subject === null || state === 'pending') return undefined;
  return { tenant, subject };
}
