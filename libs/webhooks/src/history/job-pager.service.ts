import { Injectable } from '@nestjs/common';
import { EventCatalog } from '../catalog/event-catalog.service.js';
import { deliveryId } from '../internal/ids.js';
import { EventStore } from '../storage/event.store.js';
import type { ArchivedEvent, RecoverableDelivery } from '../storage/job-pages.store.js';
import { JobPages } from '../storage/job-pages.store.js';
import type { ClaimedJob, JobStep } from '../storage/job.store.js';
import type { Subscription } from '../subscriptions/subscription.js';
import { JobSelection } from './job-selection.js';

/** What the next step of a job is about. */
export type JobFinds = Pick<
  JobStep,
  'deliveries' | 'subjects' | 'cursor' | 'reached' | 'complete' | 'goesOn'
>;

/** Events that are looked at in one step. */
const ARCHIVE_PAGE = 250;
/** Events whose data are read in one step. */
const DATA_PAGE = 100;

/** Finds what a job is about, a bounded stretch at a time. */
@Injectable()
export class JobPager {
  constructor(
    private readonly pages: JobPages,
    private readonly events: EventStore,
    private readonly catalog: EventCatalog,
  ) {}

  /** @param room how many deliveries may be opened */
  next(job: ClaimedJob, subscription: Subscription, room: number): Promise<JobFinds> {
    return job.kind === 'recover' ? this.recoverable(job, room) : this.archived(job, subscription, room);
  }

  private async recoverable(job: ClaimedJob, room: number): Promise<JobFinds> {
    const after = job.cursor ?? this.pages.recoverableStart(job.since);
    const rows = await this.pages.recoverable(job.subscriptionId, after, room);
    const complete = rows.length < room;
    const isMeant = ({ createdAt, isTest, isExpunged }: RecoverableDelivery): boolean =>
      !isTest && !isExpunged && createdAt !== null && createdAt >= job.since && createdAt <= job.until;
    const meant = rows.filter(isMeant);
    return {
      deliveries: meant,
      subjects: meant.flatMap(({ line }) => line ?? []),
      cursor: rows.at(-1)?.id ?? after,
      reached: reached(job, rows.at(-1)?.createdAt, complete),
      complete,
      goesOn: !complete,
    };
  }

  private async archived(job: ClaimedJob, subscription: Subscription, room: number): Promise<JobFinds> {
    const start = job.cursor ?? (await this.pages.archiveStart(job.since));
    const { events, isLast } = await this.pages.archive(start, job.horizon, ARCHIVE_PAGE);
    const selection = new JobSelection(job, subscription, this.catalog);
    const { last, concerned, isHeldUp } = stretch(job, events, selection, room);
    const matching = await this.accepted(concerned, selection);
    const isWhole = last === events.at(-1);
    const complete = isWhole && isLast;
    return {
      deliveries: matching.map(({ id }) => ({ id: deliveryId(id, subscription.id), eventId: id })),
      subjects: linesOf(subscription, matching),
      cursor: last?.cursor ?? start,
      reached: reached(job, last?.createdAt, complete),
      complete,
      goesOn: !isHeldUp && !(isWhole && events.length < ARCHIVE_PAGE),
    };
  }

  private async accepted(
    candidates: readonly ArchivedEvent[],
    selection: JobSelection,
  ): Promise<readonly ArchivedEvent[]> {
    if (!selection.hasFilter) return candidates;
    const stored = await this.events.load(candidates.map(({ id }) => id));
    return candidates.filter(({ id }) => {
      const event = stored.get(id);
      return event !== undefined && selection.accepts(event);
    });
  }
}

interface Stretch {
  /** The last one that was looked at. */
  readonly last: ArchivedEvent | undefined;
  readonly concerned: readonly ArchivedEvent[];
  /** The next one is still on its way by itself. */
  readonly isHeldUp: boolean;
}

// Whatever is repeated leaves its line: what stands behind it must not wait for it any longer.
function linesOf({ ordering }: Subscription, events: readonly ArchivedEvent[]): JobFinds['subjects'] {
  if (ordering === null) return [];
  const lines = events.flatMap(({ tenant, subject }) => (subject === null ? [] : { tenant, subject }));
  return [...new Map(lines.map((line) => [JSON.stringify([line.tenant, line.subject]), line])).values()];
}

// An event that is still to be fanned out may be under way without a row. To open one beside it would send it twice.
function stretch(
  { dryRun }: ClaimedJob,
  events: readonly ArchivedEvent[],
  selection: JobSelection,
  room: number,
): Stretch {
  const most = selection.hasFilter ? Math.min(room, DATA_PAGE) : room;
  const concerned: ArchivedEvent[] = [];
  let last: ArchivedEvent | undefined;
  for (const event of events) {
    if (selection.concerns(event)) {
      const isHeldUp = event.isOpen && !dryRun && selection.isLive(event);
      if (isHeldUp || concerned.length === most) return { last, concerned, isHeldUp };
      concerned.push(event);
    }
    last = event;
  }
  return { last, concerned, isHeldUp: false };
}

function reached(job: ClaimedJob, createdAt: number | null | undefined, complete: boolean): number | null {
  if (complete) return job.until;
  const at = Math.min(createdAt ?? 0, job.until);
  return at >= job.since ? Math.max(at, job.reached ?? 0) : job.reached;
}
