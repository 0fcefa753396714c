import type { BeforeApplicationShutdown, OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import { Injectable, Logger } from '@nestjs/common';
import type { StoredEvent } from '../internal/event.js';
import { within } from '../internal/within.js';
import { DeliveryLog } from './delivery-log.js';
import type { ClosingResult, Delivery, EventClosing, Leased, Settlement } from './delivery.js';
import type { DispatchParts, DispatchSettings } from './dispatch-settings.js';
import type { DueWork } from './due-work.js';
import { createEngine, type Engine } from './engine.js';
import { FIRST_LEASE, type LeasedEvent } from './fan-out.js';
import { deliveryByHand, type Reopen, type ReopenedDelivery } from './reopen.js';
import type { SweepResult } from './sweeper.js';
import { Sweeper } from './sweeper.js';

/** How long a shutdown waits for interrupted attempts to be put on record. */
const RECORDING_MS = 5_000;

/**
 * Sends. Events come in two ways: handed over by this process after its commit (`accept`), or found by the sweep
 * (`Claimer`). From there: `FanOut` → `DeliveryQueue` → `Sender` → `Attempter` → `Settler`.
 */
@Injectable()
export class Dispatcher implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown {
  private readonly log: DeliveryLog;
  private readonly engine: Engine;
  private readonly sweeper: Sweeper;
  private readonly underWay = new Set<Promise<void>>();
  private handedOver: LeasedEvent[] = [];
  private takingOver: NodeJS.Immediate | undefined;
  private running = false;

  constructor(
    readonly settings: DispatchSettings,
    private readonly parts: DispatchParts,
  ) {
    this.log = new DeliveryLog(new Logger('Webhooks'), parts.clock);
    this.engine = createEngine(settings, parts, {
      settled: (settlements, released) => this.onSettled(settlements, released),
      closed: (closing, result) => this.onClosed(closing, result),
      failed: (error) => this.log.trouble('Outcomes could not be recorded, trying again', error),
      refused: (settlement, error, givenUp) => this.onRefused(settlement, error, givenUp),
      due: () => this.sweeper.wake(),
      claimed: (fresh, leftBehind) => this.fanOutClaimed(fresh, leftBehind),
      begun: (run) => this.track(run),
      disable: (subscription, reason) => this.track(this.parts.disable(subscription, reason)),
    });
    this.sweeper = new Sweeper(parts.clock, settings.sweepInterval, () => this.look());
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.parts.index.current();
    if (!this.settings.enabled) return;
    for (const [id, state] of await this.parts.control.health()) this.engine.health.restore(id, state);
    await this.learnStops();
    this.running = true;
    this.engine.queue.start((delivery) => this.send(delivery));
    this.sweeper.start();
    await this.parts.wakeUp.listen(() => this.sweeper.wake());
  }

  /** Watches over other work that falls due; to be called before the application has started. */
  watch(work: DueWork): void {
    this.engine.works.add(work);
  }

  /** The lease to write on events that are about to be committed: 0 when this process has no room for them. */
  leaseFor(events: number): number {
    const room = this.engine.queue.room - this.handedOver.length;
    return this.running && room >= events ? this.settings.lease : 0;
  }

  /**
   * Takes over events whose transaction has committed; `leasedAt` is undefined for those left to whoever has room.
   * It runs inside the host's commit: it never throws, and the work waits until the host's own has gone on.
   */
  accept(events: readonly StoredEvent[], leasedAt: number | undefined): void {
    if (leasedAt === undefined) return this.released();
    for (const event of events) this.handedOver.push({ event, fence: FIRST_LEASE, leasedAt });
    this.takingOver ??= setImmediate(() => this.takeOver());
  }

  /**
   * Sends a delivery that somebody asked for by hand, although its subscription may be left alone. `write` opens its row
   * again, or makes it; a process that does not send leaves it due for others.
   */
  reopen<T extends ReopenedDelivery>(write: Reopen<T>): Promise<T | undefined> {
    const { lease, life } = this.settings;
    return this.engine.takenBack.during(async (isTakenBack) => {
      const leasedAt = this.parts.clock.monotonic();
      const row = await write(this.running ? lease : 0, life);
      const event = row && (await this.parts.events.load([row.eventId])).get(row.eventId);
      if (!this.running) this.released();
      else if (event && !isTakenBack(row.id) && !isTakenBack(event.id))
        this.engine.queue.push([deliveryByHand(row, event, leasedAt)]);
      return row;
    });
  }

  /** Something falls due that did not before, in so many milliseconds: for this process, or whoever has room. */
  released(dueInMs = 0): void {
    // The regular look comes in time.
    if (dueInMs > this.settings.sweepInterval) return;
    if (dueInMs > 0) this.sweeper.expect(dueInMs);
    else this.sweeper.wake();
    this.parts.wakeUp.send();
  }

  /** These, and whatever is made of these events, are not to be sent after all, as far as this process has not begun to. */
  drop(deliveryIds: ReadonlySet<string>, eventIds: ReadonlySet<string> = new Set()): void {
    this.engine.takenBack.add([...deliveryIds, ...eventIds]);
    this.handedOver = this.handedOver.filter(({ event }) => !eventIds.has(event.id));
    for (const id of eventIds) this.engine.fanOut.abandon(id);
    this.engine.queue.drop(({ id, event }) => deliveryIds.has(id) || eventIds.has(event.id));
  }

  /** Operators have stopped something, or let it go: this process is to know of it at once. */
  async learnStops(): Promise<void> {
    const answer = this.engine.admission.asking();
    answer(await this.parts.control.stops());
    this.sweeper.wake();
  }

  /** What this process is to do, and does. */
  get load(): { readonly enabled: boolean; readonly running: boolean; readonly underWay: number } {
    return { enabled: this.settings.enabled, running: this.running, underWay: this.engine.queue.underWay };
  }

  /** Sends everything that is due now and resolves when it is on record. */
  async drain(): Promise<void> {
    let isDone = !this.running;
    while (!isDone) {
      await this.idle();
      this.engine.claimer.lookEverywhere();
      const { found } = await this.sweeper.sweepAnew();
      // A look that finds nothing may have left somebody out, or something fell due behind its back.
      const isAll = found === 0 && this.sweeper.isAtRest && !this.engine.claimer.leftSomebodyOut;
      isDone = !this.running || (isAll && this.isIdle);
    }
    await this.idle();
  }

  /** Claims nothing more from here on, and starts no further attempt. */
  async onModuleDestroy(): Promise<void> {
    await this.parts.wakeUp.close();
    if (!this.running) return;
    this.running = false;
    this.engine.works.stop();
    await this.sweeper.stop();
    this.engine.queue.stop();
    await this.giveBack(this.waitingRows(), []);
  }

  /** Lets attempts under way finish, for a bounded time, and gives back what is not done. */
  async beforeApplicationShutdown(): Promise<void> {
    if (!this.settings.enabled) return this.parts.transport.close();
    await within(this.parts.clock, this.settings.drainTimeout, this.idle());
    this.engine.sender.interrupt();
    // Ends what is still under way, while there is a database to put it on record as a failed attempt.
    await this.parts.transport.close();
    await within(this.parts.clock, RECORDING_MS, this.idle());
    await this.giveBack(this.waitingRows(), this.engine.fanOut.abandonAll());
  }

  private async look(): Promise<SweepResult> {
    try {
      return await this.engine.claimer.claim();
    } catch (error) {
      this.log.trouble('The look for what is due failed and will be repeated', error);
      throw error;
    }
  }

  private async send(delivery: Delivery): Promise<void> {
    try {
      await this.engine.sender.send(delivery);
    } catch (error) {
      this.engine.fanOut.abandon(delivery.event.id);
      this.log.trouble('A delivery stopped half-way, its lease will run out', error, delivery);
    }
    if (this.engine.claimer.wantsMore(delivery.subscriptionId)) this.sweeper.wake();
  }

  private onSettled(settlements: readonly Settlement[], released: boolean): void {
    this.parts.observation.observer?.settled(settlements);
    for (const { retryInMs } of settlements) if (retryInMs !== null) this.sweeper.expect(retryInMs);
    this.log.settled(settlements);
    if (released) this.sweeper.wake();
  }

  private onRefused(settlement: Settlement, error: unknown, givenUp: boolean): void {
    // Nothing of it is on record: it must be found again.
    if (givenUp) this.engine.fanOut.abandon(settlement.delivery.event.id);
    this.log.refused(settlement, error, givenUp);
  }

  private fanOutClaimed(fresh: readonly LeasedEvent[], leftBehind: readonly LeasedEvent[]): void {
    if (fresh.length > 0) this.track(this.engine.fanOut.fresh(fresh));
    if (leftBehind.length > 0) this.track(this.engine.fanOut.rowsFirst(leftBehind));
  }

  private onClosed({ eventId, fence }: EventClosing, result: ClosingResult): void {
    if (result !== 'stale') return;
    this.parts.index.invalidate();
    this.track(this.fanOutAgain({ id: eventId, fence }));
  }

  private async fanOutAgain({ id, fence }: Leased): Promise<void> {
    const event = (await this.parts.events.load([id])).get(id);
    const leasedAt = this.parts.clock.monotonic();
    if (event) await this.engine.fanOut.rowsFirst([{ event, fence, leasedAt }]);
  }

  private takeOver(): void {
    this.takingOver = undefined;
    if (this.handedOver.length > 0) this.track(this.engine.fanOut.fresh(this.handedOver.splice(0)));
  }

  private track(work: Promise<void>): void {
    const tracked = work
      .catch(this.log.reporting('Half-way through, what is leased will run out'))
      .finally(() => this.underWay.delete(tracked));
    this.underWay.add(tracked);
  }

  // Those without a row are covered by their event's lease, which is given back when the others of it are done.
  private waitingRows(): Leased[] {
    const waiting = this.engine.queue.takeWaiting();
    return waiting.flatMap(({ id, fence }) => (fence === null ? [] : [{ id, fence }]));
  }

  private get isIdle(): boolean {
    return this.engine.queue.isIdle && this.underWay.size === 0 && this.engine.settler.pending === 0;
  }

  private async idle(): Promise<void> {
    const { queue, settler } = this.engine;
    this.takeOver();
    while (!this.isIdle) {
      await Promise.all(this.underWay);
      await queue.idle();
      await settler.flushed();
    }
  }

  private async giveBack(deliveries: readonly Leased[], events: readonly Leased[]): Promise<void> {
    const given = this.parts.store.release(deliveries, events);
    await given.catch(this.log.reporting('Leases could not be given back, they will run out'));
  }
}
