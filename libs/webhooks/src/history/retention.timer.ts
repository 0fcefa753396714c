import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import { Logger } from '@nestjs/common';
import type { Clock, Timer } from '../internal/clock.js';
import type { ControlStore } from '../storage/control.store.js';
import type { RetentionDuty } from './retention-settings.js';
import type { RetentionSweep, RetentionSweeper } from './retention.sweeper.js';

const HOUR_MS = 3_600_000;
const JITTER = 0.25;
/** Over all processes. */
const RATE = { limit: 1, perMs: HOUR_MS / 2 };
const ACCOUNT = 'retention';

/** Sweeps about once an hour, in one of the processes that send. */
export class RetentionTimer implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('Webhooks');
  private timer: Timer | undefined;
  private sweeping: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly duty: Pick<RetentionDuty, 'sweeps'>,
    private readonly sweeper: Pick<RetentionSweeper, 'sweep' | 'stop'>,
    private readonly control: Pick<ControlStore, 'reserve'>,
    private readonly clock: Clock,
    private readonly random: () => number = Math.random,
  ) {}

  onApplicationBootstrap(): void {
    if (this.duty.sweeps) this.sleep();
  }

  /** Ends a sweep under way after its step. */
  async onModuleDestroy(): Promise<void> {
    this.timer?.cancel();
    this.sweeper.stop();
    await this.sweeping;
    this.timer?.cancel();
  }

  // Not at once: processes that start together would all look.
  private sleep(): void {
    const wait = HOUR_MS * (1 - JITTER + 2 * JITTER * this.random());
    this.timer = this.clock.after(wait, () => {
      this.sweeping = this.turn();
    });
  }

  private async turn(): Promise<void> {
    try {
      const { granted } = await this.control.reserve(ACCOUNT, 1, RATE);
      if (granted > 0) this.tell(await this.sweeper.sweep());
    } catch (error) {
      this.logger.error(`Old rows could not be removed, the next turn is in an hour: ${String(error)}`);
    }
    this.sleep();
  }

  private tell(sweep: RetentionSweep): void {
    const removed = Object.entries(sweep).flatMap(([name, count]) => (count > 0 ? [`${count} ${name}`] : []));
    if (removed.length > 0) this.logger.log(`Retention: removed ${removed.join(', ')}`);
  }
}
