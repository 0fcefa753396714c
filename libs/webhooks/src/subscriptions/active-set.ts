import { ALL_TENANTS } from '../internal/tenants.js';
import type { Subscription } from './subscription.js';

const NONE: readonly Subscription[] = [];

/** Every enabled and paused subscription as of one version. It does not change. */
export class ActiveSet {
  private readonly ids: ReadonlyMap<string, Subscription>;
  private readonly tenants = new Map<string, Subscription[]>();
  /** Tenants with a subscription that is served in order; ALL_TENANTS if there is any. */
  private readonly ordered = new Set<string>();
  private readonly answers = new Map<string, Map<string, readonly Subscription[]>>();

  constructor(
    /** Version of the set: it grows with every write to any subscription. */
    readonly version: number,
    subscriptions: readonly Subscription[],
    /** Some subscription, active or not, has a tenant of its own: then every event must name one. */
    readonly hasTenants: boolean,
  ) {
    const oldestFirst = [...subscriptions].sort((left, right) => left.createdAt - right.createdAt);
    this.ids = new Map(oldestFirst.map((each) => [each.id, each]));
    this.tenants.set(ALL_TENANTS, oldestFirst);
    for (const each of oldestFirst) {
      this.ofTenant(each.tenant).push(each);
      if (each.ordering !== null) this.ordered.add(each.tenant).add(ALL_TENANTS);
    }
  }

  /** All of them. */
  get subscriptions(): readonly Subscription[] {
    return this.tenants.get(ALL_TENANTS) ?? NONE;
  }

  /** Undefined for one that is disabled or deleted. */
  byId(id: string): Subscription | undefined {
    return this.ids.get(id);
  }

  /**
   * Who gets an event, oldest first: also the paused, and those that have a problem.
   *
   * @param tenant the event's; ALL_TENANTS means the subscriptions of every tenant
   * @param createdNoLaterThan epoch milliseconds of the database: when the event was stored
   */
  matching(tenant: string, typeName: string, createdNoLaterThan: number): readonly Subscription[] {
    const all = this.wanting(tenant, typeName);
    const newest = all.at(-1);
    if (newest === undefined || newest.createdAt <= createdNoLaterThan) return all;
    return all.filter(({ createdAt }) => createdAt <= createdNoLaterThan);
  }

  /** Whether some subscription that an event of this tenant may go to is served in order. */
  hasOrdered(tenant: string): boolean {
    return this.ordered.has(tenant);
  }

  private ofTenant(tenant: string): Subscription[] {
    const known = this.tenants.get(tenant);
    if (known) return known;
    const none: Subscription[] = [];
    this.tenants.set(tenant, none);
    return none;
  }

  private wanting(tenant: string, typeName: string): readonly Subscription[] {
    const candidates = this.tenants.get(tenant);
    if (!candidates) return NONE;
    const answers = this.answers.get(tenant) ?? new Map<string, readonly Subscription[]>();
    this.answers.set(tenant, answers);
    const known = answers.get(typeName);
    if (known) return known;
    const found = candidates.filter((each) => each.wants(typeName));
    answers.set(typeName, found);
    return found;
  }
}
