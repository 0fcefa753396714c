import { Injectable } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import { Dispatcher } from '../src/dispatch/dispatcher.service.js';
import { Clock, type Timer } from '../src/internal/clock.js';
import { BacklogStore, type Backlog } from '../src/storage/backlog.store.js';

/** When the webhooks are well. */
export interface WebhooksHealthOptions {
  /**
   * Milliseconds that something may have been due without being sent. What waits for a receiver that fails, or was stopped by
   * an operator, does not count.
   *
   * @default 300_000
   */
  readonly maxOldestPendingMs?: number;
  /** Deliveries and events that may be waiting to be sent; of those counting ends at 100,000 each. @default any number */
  readonly maxBacklog?: number;
  /** Milliseconds within which the database has to answer. @default 3_000 */
  readonly timeoutMs?: number;
}

const DEFAULTS = { maxOldestPendingMs: 300_000, maxBacklog: Infinity, timeoutMs: 3_000 };

/**
 * Whether the database answers, this process sends (if it is to), and what is due does not wait for too long.
 *
 * @example
 * this.health.check([() => this.webhooks.isHealthy('webhooks', { maxOldestPendingMs: 60_000 })]);
 */
@Injectable()
export class WebhooksHealthIndicator {
  constructor(
    private readonly indicators: HealthIndicatorService,
    private readonly dispatcher: Dispatcher,
    private readonly store: BacklogStore,
    private readonly clock: Clock,
  ) {}

  async isHealthy<Key extends string>(
    key: Key,
    options: WebhooksHealthOptions = {},
  ): Promise<HealthIndicatorResult<Key>> {
    const { maxOldestPendingMs, maxBacklog, timeoutMs } = { ...DEFAULTS, ...options };
    const indicator = this.indicators.check(key);
    const found = await this.read(timeoutMs);
    // Whoever may see a health page is told no more: the words of a driver name hosts and users.
    if (!found) return indicator.down({ message: 'The database does not answer.' });
    const { enabled, running } = this.dispatcher.load;
    const backlog = found.pending + found.waiting + found.events;
    const details = {
      dispatcher: enabled ? (running ? 'running' : 'stopped') : 'off',
      backlog,
      oldestPendingMs: found.overdueMs,
    };
    const isLate = found.overdueMs > maxOldestPendingMs;
    const isWell = running === enabled && !isLate && backlog <= maxBacklog;
    return isWell ? indicator.up(details) : indicator.down(details);
  }

  private async read(timeoutMs: number): Promise<Backlog | undefined> {
    let deadline: Timer | undefined;
    const late = new Promise<undefined>((resolve) => {
      deadline = this.clock.after(timeoutMs, () => resolve(undefined));
    });
    const reading = this.store.read().catch(() => undefined);
    return Promise.race([reading, late]).finally(() => deadline?.cancel());
  }
}
