import { setImmediate as nextTurn } from 'node:timers/promises';
import type { OnModuleInit } from '@nestjs/common';
import { Injectable, Logger } from '@nestjs/common';
import { Dispatcher } from '../dispatch/dispatcher.service.js';
import type { DueWork } from '../dispatch/due-work.js';
import { OPEN_AT_ONCE } from '../storage/job-statements.js';
import type { ClaimedJob, JobStep } from '../storage/job.store.js';
import { JobStore } from '../storage/job.store.js';
import { SubscriptionIndex } from '../subscriptions/subscription.index.js';
import type { Subscription } from '../subscriptions/subscription.js';
import type { JobFinds } from './job-pager.service.js';
import { JobPager } from './job-pager.service.js';

/**
 * Takes jobs one step further: looks at a page, opens what belongs to the job and moves its cursor in one write, gives it back.
 * Whoever dies between two steps leaves nothing half done, and the next one begins where the cursor stands.
 */
@Injectable()
export class JobRunner implements DueWork, OnModuleInit {
  readonly table = 'jobs';
  readonly kinds = ['recover', 'replay'] as const;
  private readonly logger = new Logger('Webhooks');

  constructor(
    private readonly store: JobStore,
    private readonly pager: JobPager,
    private readonly index: SubscriptionIndex,
    private readonly dispatcher: Dispatcher,
  ) {}

  onModuleInit(): void {
    this.dispatcher.watch(this);
  }

  /** One step of the job that is due first. */
  async run(): Promise<number> {
    const job = await this.store.claim(this.kinds, this.dispatcher.settings.lease);
    if (!job) return 0;
    const subscription = await this.index.find(job.subscriptionId);
    if (subscription?.state === 'enabled') await this.advance(job, subscription);
    else if (subscription?.state === 'paused') await this.write(job, nothing(job));
    else await this.giveUp(job, subscription);
    return 1;
  }

  private async advance(job: ClaimedJob, subscription: Subscription): Promise<void> {
    const room = job.dryRun ? Infinity : OPEN_AT_ONCE - job.open;
    const finds = job.complete || room <= 0 ? nothing(job) : await this.pager.next(job, subscription, room);
    // SQLite answers at once: without a pause, whatever came meanwhile would wait for all of it.
    await nextTurn();
    await this.write(job, finds);
  }

  private async write(job: ClaimedJob, finds: JobFinds): Promise<void> {
    const { lease: leaseMs, life: lifeMs } = this.dispatcher.settings;
    const found = finds.deliveries.length;
    const opened = job.dryRun ? { deliveries: [], subjects: [] } : {};
    const step: JobStep = { ...finds, ...opened, found, leaseMs, lifeMs };
    const isOurs = await this.store.advance(job, step);
    if (isOurs && step.deliveries.length > 0) this.dispatcher.released();
  }

  private async giveUp(job: ClaimedJob, subscription: Subscription | undefined): Promise<void> {
    const [state, error] = subscription
      ? (['failed', 'SUBSCRIPTION_DISABLED'] as const)
      : (['canceled', 'SUBSCRIPTION_DELETED'] as const);
    await this.store.fail(job, state, error);
    this.logger.warn(`The job ${job.id} of the subscription ${job.subscriptionId} ended early: ${error}`);
  }
}

function nothing({ cursor, complete }: ClaimedJob): JobFinds {
  return { deliveries: [], subjects: [], cursor, reached: null, complete, goesOn: false };
}
