import type { Subscription } from '../subscriptions/subscription.js';
import type { Delivery } from './delivery.js';
import type { DispatchParts, DispatchSettings } from './dispatch-settings.js';
import type { FanOut } from './fan-out.js';
import type { Settler } from './settler.js';

/** Takes one delivery from the queue through its attempt: lease, subscription, attempt, settle. */
export class Sender {
  constructor(
    private readonly settings: DispatchSettings,
    private readonly parts: DispatchParts,
    private readonly fanOut: FanOut,
    private readonly settler: Settler,
  ) {}

  async send(delivery: Delivery): Promise<void> {
    if (this.runsOut(delivery) && !(await this.renew(delivery)))
      return this.fanOut.abandon(delivery.event.id);
    const subscription = this.known(delivery) ?? (await this.reloaded(delivery));
    if (subscription?.state !== 'enabled') return this.putAside(delivery);
    const settlement = await this.parts.attempter.attempt(delivery, subscription);
    this.settler.settle(settlement);
    this.fanOut.settled(delivery);
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
    const leasedAt = delivery.fence === null ? this.fanOut.leaseOf(delivery)?.leasedAt : delivery.leasedAt;
    if (leasedAt === undefined) return true;
    const left = leasedAt + this.settings.lease - this.parts.clock.monotonic();
    return left < this.settings.timeout + this.settings.leaseMargin;
  }

  private async renew(delivery: Delivery): Promise<boolean> {
    const { store, clock } = this.parts;
    const leasedAt = clock.monotonic();
    if (delivery.fence !== null) {
      const renewed = await store.renew(
        [{ id: delivery.id, fence: delivery.fence }],
        [],
        this.settings.lease,
      );
      return renewed.has(delivery.id);
    }
    const open = this.fanOut.leaseOf(delivery);
    if (!open) return false;
    const renewed = await store.renew([], [{ id: open.event.id, fence: open.fence }], this.settings.lease);
    open.leasedAt = leasedAt;
    return renewed.has(open.event.id);
  }

  // A lazy delivery has no row to hold: closing its event finds that subscriptions changed, and writes the held row then.
  private async putAside(delivery: Delivery): Promise<void> {
    if (delivery.fence === null) this.fanOut.settled(delivery);
    else await this.parts.store.hold([{ id: delivery.id, fence: delivery.fence }]);
  }
}
