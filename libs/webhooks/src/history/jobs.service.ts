import { Inject, Injectable } from '@nestjs/common';
import { EventCatalog } from '../catalog/event-catalog.service.js';
import { Dispatcher } from '../dispatch/dispatcher.service.js';
import { JobConflictError } from '../errors/job-conflict-error.js';
import { JobLimitError } from '../errors/job-limit-error.js';
import { JobNotFoundError } from '../errors/job-not-found-error.js';
import { SubscriptionNotFoundError } from '../errors/subscription-not-found-error.js';
import { findAt } from '../errors/unknown-event-type-error.js';
import { Clock } from '../internal/clock.js';
import { newId } from '../internal/ids.js';
import { JobStore } from '../storage/job.store.js';
import type { TenantScope } from '../subscriptions/subscription.editor.js';
import { SubscriptionIndex } from '../subscriptions/subscription.index.js';
import type { Subscription } from '../subscriptions/subscription.js';
import { WEBHOOKS_LIMITS, type LimitOptions } from '../webhooks.options.js';
import { jobViewOf, type JobPage, type JobQuery, type JobRecord, type JobView } from './job.js';
import type { NewJob, RecoverInput, ReplayInput } from './job.js';
import { parseDryRun, parseJobQuery, parsePatterns, parseRange, wrongSince } from './parse-job.js';

type Wish = Pick<NewJob, 'kind' | 'since' | 'until' | 'eventTypes' | 'dryRun'>;

/**
 * Sends many events of a subscription again, in the background: a job goes on after a restart, in whatever process, and
 * what it sends stands behind everything that is new.
 *
 * @example
 * const { id } = await jobs.recover('sub_…', { since: '2026-03-01T09:30:00Z' });
 * (await jobs.get(id)).succeeded;
 */
@Injectable()
export class JobsService {
  @Inject(WEBHOOKS_LIMITS)
  private readonly limits!: Required<LimitOptions>;

  constructor(
    private readonly store: JobStore,
    private readonly index: SubscriptionIndex,
    private readonly catalog: EventCatalog,
    private readonly dispatcher: Dispatcher,
    private readonly clock: Clock,
  ) {}

  /**
   * Opens again what failed of a subscription's deliveries: those that are `failed` or `exhausted`, and those that were
   * held when it was disabled. What somebody canceled stays canceled.
   *
   * @throws SubscriptionNotFoundError also for another tenant's
   * @throws JobInvalidError when the range is none
   * @throws JobConflictError when the subscription is disabled, or has a job under way
   * @throws JobLimitError
   */
  recover(subscriptionId: string, input: RecoverInput, scope: TenantScope = {}): Promise<JobView> {
    return this.begin(subscriptionId, scope, () => {
      const range = parseRange(input);
      return { kind: 'recover', ...range, eventTypes: null, dryRun: false };
    });
  }

  /**
   * Sends every event of the archive that matches the subscription as it is now: also those that arrived before, and those
   * that were never attempted, because they are older than the subscription or it was disabled.
   *
   * @throws SubscriptionNotFoundError also for another tenant's
   * @throws UnknownEventTypeError
   * @throws JobInvalidError when the range or the event types are none
   * @throws JobConflictError when the subscription is disabled, or has a job under way
   * @throws JobLimitError
   */
  replay(subscriptionId: string, input: ReplayInput, scope: TenantScope = {}): Promise<JobView> {
    return this.begin(subscriptionId, scope, () => {
      const range = parseRange(input);
      const eventTypes = parsePatterns(input.event_types);
      eventTypes?.forEach((pattern, index) =>
        findAt(`event_types[${index}]`, () => this.catalog.matching(pattern)),
      );
      return { kind: 'replay', ...range, eventTypes, dryRun: parseDryRun(input.dry_run) };
    });
  }

  /** @throws JobNotFoundError also for another tenant's */
  async get(id: string, scope: TenantScope = {}): Promise<JobView> {
    return jobViewOf(await this.find(id, scope));
  }

  /**
   * A page, newest first, of a tenant's jobs or of all.
   *
   * @throws QueryInvalidError
   */
  async list(query: JobQuery = {}, scope: TenantScope = {}): Promise<JobPage> {
    const { limit, ...which } = parseJobQuery(query, scope);
    const jobs = await this.store.list({ ...which, limit: limit + 1 });
    const items = jobs.slice(0, limit).map(jobViewOf);
    return { items, next: jobs.length > limit ? items.at(-1)!.id : null };
  }

  /**
   * Ends it, and gives up what it has opened and nobody has begun to send.
   *
   * @throws JobNotFoundError also for another tenant's
   * @throws JobConflictError when it is over
   */
  async cancel(id: string, scope: TenantScope = {}): Promise<JobView> {
    await this.find(id, scope);
    const canceled = await this.store.cancel(id);
    if (!canceled) {
      // As it is now: it may have ended in the meantime.
      const { state } = await this.find(id, scope);
      throw new JobConflictError(`The job "${id}" is ${state}: only an open one can be canceled.`);
    }
    this.dispatcher.drop(canceled.deliveries);
    return jobViewOf(canceled.job);
  }

  private async begin(subscriptionId: string, scope: TenantScope, wish: () => Wish): Promise<JobView> {
    const { id, tenant, state } = await this.subscription(subscriptionId, scope);
    const job = { id: newId('job', this.clock.now()), subscriptionId: id, tenant, ...wish() };
    if (state === 'disabled') {
      throw new JobConflictError(`The subscription ${id} is disabled: enable it first.`);
    }
    const { jobsPerTenant } = this.limits;
    const made = await this.store.insert(job, jobsPerTenant);
    if (made === 'ahead') throw wrongSince();
    if (made === 'full') throw new JobLimitError(tenant, jobsPerTenant);
    if (made === 'taken') {
      throw new JobConflictError(`The subscription ${id} has a job under way: wait for it, or cancel it.`);
    }
    this.dispatcher.released();
    return jobViewOf(made);
  }

  private async subscription(id: string, { tenant }: TenantScope): Promise<Subscription> {
    const subscription = await this.index.find(id);
    if (subscription && (tenant === undefined || subscription.tenant === tenant)) return subscription;
    throw new SubscriptionNotFoundError(`id ${JSON.stringify(id)}`);
  }

  private async find(id: string, { tenant }: TenantScope): Promise<JobRecord> {
    const job = await this.store.find(id);
    if (!job || (tenant !== undefined && job.tenant !== tenant)) throw new JobNotFoundError(id);
    return job;
  }
}
