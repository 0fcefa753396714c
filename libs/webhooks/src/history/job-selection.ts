import { dataOf, isReadable } from '../dispatch/event-data.js';
import type { StoredEvent } from '../internal/event.js';
import { ALL_TENANTS } from '../internal/tenants.js';
import { matcher, isWildcard } from '../subscriptions/matching.js';
import type { Subscription } from '../subscriptions/subscription.js';
import type { JobRecord } from './job.js';

/** What is known of an event before its data are read. */
export interface EventOutline {
  readonly tenant: string;
  readonly type: string;
  readonly createdAt: number;
  readonly isTest: boolean;
  readonly isExpunged: boolean;
}

/** What a catalog knows of names. */
export interface TypeNames {
  find(nameOrAlias: string): { readonly name: string } | undefined;
  matching(pattern: string): readonly { readonly name: string }[];
}

/** Which events a replay is about: what its subscription, as it is now, wants of what was asked for. */
export class JobSelection {
  private readonly isAskedFor: (typeName: string) => boolean;

  constructor(
    private readonly job: Pick<JobRecord, 'since' | 'until' | 'eventTypes'>,
    private readonly subscription: Subscription,
    names: TypeNames,
  ) {
    this.isAskedFor = matcher((job.eventTypes ?? ['*']).flatMap((pattern) => meant(pattern, names)));
  }

  /** Whether its data have to be looked at, too. */
  get hasFilter(): boolean {
    return this.subscription.filter !== null;
  }

  /** As far as it can be told without its data. */
  concerns({ tenant, type, createdAt, isTest, isExpunged }: EventOutline): boolean {
    const { job, subscription } = this;
    if (isTest || isExpunged || createdAt < job.since || createdAt > job.until) return false;
    if (tenant !== ALL_TENANTS && tenant !== subscription.tenant) return false;
    return this.isAskedFor(type) && subscription.wants(type);
  }

  /** Whether the subscription's filter lets it pass; what cannot be read does, as when it was new. */
  accepts(event: StoredEvent): boolean {
    return !isReadable(event) || this.subscription.accepts(event.type, dataOf(event));
  }

  /** Whether it goes to the subscription by itself, once it is fanned out. */
  isLive({ createdAt }: EventOutline): boolean {
    return this.subscription.createdAt <= createdAt;
  }
}

function meant(pattern: string, names: TypeNames): string[] {
  if (!isWildcard(pattern)) return [names.find(pattern)?.name ?? pattern];
  return [pattern, ...names.matching(pattern).map(({ name }) => name)];
}
