import { Inject, Injectable } from '@nestjs/common';
import { RateLimitedError } from '../errors/rate-limited-error.js';
import { ControlStore } from '../storage/control.store.js';
import { WEBHOOKS_LIMITS, type LimitOptions } from '../webhooks.options.js';

const MINUTE_MS = 60_000;

/** Counts test sends by tenant, over all processes: also those that are sent again. */
@Injectable()
export class TestQuota {
  constructor(
    private readonly control: ControlStore,
    @Inject(WEBHOOKS_LIMITS) private readonly limits: Required<LimitOptions>,
  ) {}

  /** @throws RateLimitedError */
  async take(tenant: string): Promise<void> {
    const limit = this.limits.testsPerMinute;
    const rate = { limit, perMs: MINUTE_MS };
    const { granted, nextInMs } = await this.control.reserve(`tests:${tenant}`, 1, rate);
    if (granted === 0) throw new RateLimitedError('testsPerMinute', { tenant, limit, waitMs: nextInMs });
  }
}
