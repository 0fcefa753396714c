import type { BeforeApplicationShutdown, OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import { Injectable, Logger } from '@nestjs/common';
import type { Timer } from '../internal/clock.js';
import type { StoredEvent } from '../internal/event.js';
import { Claimer } from './claimer.js';
import type { ClosingResult, Delivery, EventClosing, Leased, Settlement } from './delivery.js';
import { DeliveryQueue } from './delivery-queue.js';
import type { DispatchParts, DispatchSettings } from './dispatch-settings.js';
import type { LeasedEvent } from './fan-out.js';
import { FIRST_LEASE, FanOut } from './fan-out.js';
import { Sender } from './sender.js';
import { Settler } from './settler.js';
import type { SweepResult } from './sweeper.js';
import { Sweeper } from './sweeper.js';

/** How long a shutdown waits for interrupted attempts to be put on record. */
const RECORDING_MS = 1_000;

/**
 * Sends. Events come in two ways: handed over by this process after its commit, or found by the sweep.
 * Follow one: {@link accept} or {@link Claimer} → {@link FanOut} → {@link DeliveryQueue} → {@link Sender} → {@link Settler}.
 */
@Injectable()
export class Dispatcher implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown {
  private readonly logger = new Logger('Webhooks');
  private readonly queue: DeliveryQueue;
  private readonly settler: Settler;
  private readonly fanOut: FanOut;
  private readonly sender: Sender;
  private readonly claimer: Claimer;
  private readonly sweeper: Sweeper;
  private readonly underWay = new Set<Promise<void>>();
  private readonly handedOver: LeasedEvent[] = [];
  private takingOver: NodeJS.Immediate | undefined;
  private running = false;

  constructor(
    private readonly settings: DispatchSettings,
    private readonly parts: DispatchParts,
  ) {
    const { store, index, clock } = parts;
    this.queue = new DeliveryQueue(settings);
    this.settler = new Settler(store, {
      settled: (settlements) => this.expectRetries(settlements),
      closed: (closing, result) => this.onClosed(closing, result),
      failed: (error) => this.logger.error(`Outcomes could not be recorded, trying again: ${String(error)}`),
    });
    this.fanOut = new FanOut(
      { index, store, queue: this.queue, settler: this.settler, clock },
      settings.lease,
    );
    this.sender = new Sender(settings, parts, this.fanOut, this.settler);
    this.claimer = new Claimer(settings, parts, this.queue, (fresh, leftBehind) => {
      if (fresh.length > 0) this.track(this.fanOut.fresh(fresh));
      if (leftBehind.length > 0) this.track(this.fanOut.rowsFirst(leftBehind));
    });
    this.sweeper = new Sweeper(clock, settings.sweepInterval, () => this.look());
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.parts.index.current();
    if (!this.settings.enabled) return;
    this.running = true;
    this.queue.start((delivery) => this.send(delivery));
    this.sweeper.start();
  }

  /** The lease to write on events that are about to be committed: 0 when this process has no room for them. */
  leaseFor(events: number): number {
    const room = this.queue.room - this.handedOver.length;
    return this.running && room >= events ? this.settings.lease : 0;
  }

  /**
   * Takes over events whose transaction has committed; `leasedAt` is undefined for those left to whoever has room.
   * It runs inside the host's commit: it never throws, and the work waits until the host's own has gone on.
   */
  accept(events: readonly StoredEvent[], leasedAt: number | undefined): void {
    if (leasedAt === undefined) return this.sweeper.wake();
    for (const event of events) this.handedOver.push({ event, fence: FIRST_LEASE, leasedAt });
    this.takingOver ??= setImmediate(() => this.takeOver());
  }

  /** Sends everything that is due now and resolves when it is on record. */
  async drain(): Promise<void> {
    let found = 1;
    while (this.running && found > 0) {
      await this.idle();
      ({ found } = await this.sweeper.sweepAnew());
    }
    await this.idle();
  }

  /** Claims nothing more from here on, and starts no further attempt. */
  async onModuleDestroy(): Promise<void> {
    if (!this.running) return;
    this.running = false;
    await this.sweeper.stop();
    this.queue.stop();
    await this.giveBack(this.waitingRows(), []);
  }

  /** Lets attempts under way finish, for a bounded time, and gives back what is not done. */
  async beforeApplicationShutdown(): Promise<void> {
    if (!this.settings.enabled) return this.parts.transport.close();
    await this.idleWithin(this.settings.drainTimeout);
    // Ends what is still under way, while there is a database to put it on record as a failed attempt.
    await this.parts.transport.close();
    await this.idleWithin(RECORDING_MS);
    await this.giveBack(this.waitingRows(), this.fanOut.abandonAll());
  }

  private async look(): Promise<SweepResult> {
    try {
      return await this.claimer.claim();
    } catch (error) {
      this.logger.error(`The look for what is due failed and will be repeated: ${String(error)}`);
      throw error;
    }
  }

  private async send(delivery: Delivery): Promise<void> {
    try {
      await this.sender.send(delivery);
    } catch (error) {
      this.fanOut.abandon(delivery.event.id);
      this.logger.error(`Delivery ${delivery.id} stopped half-way, its lease will run out: ${String(error)}`);
    }
    if (this.claimer.wantsMore) this.sweeper.wake();
  }

  private expectRetries(settlements: readonly Settlement[]): void {
    for (const { retryInMs } of settlements) if (retryInMs !== null) this.sweeper.expect(retryInMs);
  }

  private onClosed({ eventId, fence }: EventClosing, result: ClosingResult): void {
    if (result !== 'stale') return;
    this.parts.index.invalidate();
    this.track(this.fanOutAgain({ id: eventId, fence }));
  }

  private async fanOutAgain({ id, fence }: Leased): Promise<void> {
    const event = (await this.parts.events.load([id])).get(id);
    if (event) await this.fanOut.rowsFirst([{ event, fence, leasedAt: this.parts.clock.monotonic() }]);
  }

  private takeOver(): void {
    this.takingOver = undefined;
    if (this.handedOver.length > 0) this.track(this.fanOut.fresh(this.handedOver.splice(0)));
  }

  private track(work: Promise<void>): void {
    const tracked = work
      .catch((error: unknown) =>
        this.logger.error(`An event was not fanned out, its lease will run out: ${String(error)}`),
      )
      .finally(() => this.underWay.delete(tracked));
    this.underWay.add(tracked);
  }

  // Those without a row are covered by their event's lease, which is given back when the others of it are done.
  private waitingRows(): Leased[] {
    return this.queue.takeWaiting().flatMap(({ id, fence }) => (fence === null ? [] : [{ id, fence }]));
  }

  private async idle(): Promise<void> {
    this.takeOver();
    while (!this.queue.isIdle || this.underWay.size > 0 || this.settler.pending > 0) {
      await Promise.all(this.underWay);
      await this.queue.idle();
      await this.settler.flushed();
    }
  }

  private async idleWithin(ms: number): Promise<void> {
    let deadline: Timer | undefined;
    const late = new Promise<void>((resolve) => (deadline = this.parts.clock.after(ms, resolve)));
    await Promise.race([this.idle(), late]);
    deadline?.cancel();
  }

  private async giveBack(deliveries: readonly Leased[], events: readonly Leased[]): Promise<void> {
    await this.parts.store.release(deliveries, events).catch((error: unknown) => {
      this.logger.warn(`Leases could not be given back, they will run out: ${String(error)}`);
    });
  }
}
