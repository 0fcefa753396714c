import { Injectable, Logger } from '@nestjs/common';
import { errorFields } from '../internal/error-fields.js';
import { EventCatalog } from '../catalog/event-catalog.service.js';
import { DEFAULT_TENANT } from '../internal/tenants.js';
import { SubscriptionStore } from '../storage/subscription.store.js';
import { ActiveSet } from './active-set.js';
import { KeyRing } from './key-ring.js';
import { SubscriptionCodec } from './subscription-codec.js';
import type { SubscriptionRecord } from './subscription-record.js';
import type { Subscription } from './subscription.js';

export type { ActiveSet } from './active-set.js';

const LOAD_LIMIT = 250;

/** The active subscriptions in memory, read again when somebody tells that they have changed. */
@Injectable()
export class SubscriptionIndex {
  private readonly logger = new Logger('WebhooksSubscriptions');
  private readonly codec: SubscriptionCodec;
  private known: ReadonlyMap<string, Subscription> = new Map();
  private set: ActiveSet | undefined;
  private epoch = 0;
  private tenantsKnown = false;
  private loading: Promise<ActiveSet> | undefined;

  constructor(
    private readonly store: SubscriptionStore,
    catalog: EventCatalog,
    keyRing: KeyRing,
  ) {
    this.codec = new SubscriptionCodec(keyRing, catalog, ({ id: subscriptionId, tenant }, misfit) => {
      const advice = 'Update it; SubscriptionsService.brokenTemplates() lists all that is broken.';
      const fields = { subscriptionId, tenant };
      this.logger.error(`A subscription cannot be sent for ${String(misfit)}. ${advice}`, fields);
    });
  }

  /** The set as it is known, without waiting; undefined when it must be read first. */
  get latest(): ActiveSet | undefined {
    return this.set;
  }

  /**
   * Whether some subscription has a tenant of its own, as far as this process knows. Also right without a set, when
   * a publish inside of a transaction cannot wait for one.
   */
  get hasTenants(): boolean {
    return this.tenantsKnown;
  }

  /** The set as it is known; read from the database when there is none. */
  async current(): Promise<ActiveSet> {
    return this.set ?? this.load();
  }

  /** The set as of this version or a later one. */
  async atLeast(version: number): Promise<ActiveSet> {
    const set = await this.current();
    if (set.version >= version) return set;
    // A read that was already under way may have seen the table before that version; the next one cannot have.
    const joined = await this.load();
    return joined.version >= version ? joined : this.load();
  }

  /** One of them as it stands in the database now, also a disabled one. */
  async find(id: string): Promise<Subscription | undefined> {
    const record = await this.store.find(id);
    return record && this.open(record);
  }

  /** A tenant's, or everybody's (`null`), also the disabled ones, as they stand in the database now. */
  async all(tenant: string | null): Promise<Subscription[]> {
    const found: Subscription[] = [];
    for (let after: string | null = null; ; after = found.at(-1)!.id) {
      const records = await this.store.list(tenant, { limit: LOAD_LIMIT, after });
      found.push(...records.map((record) => this.knownAs(record) ?? this.codec.open(record)));
      if (records.length < LOAD_LIMIT) return found;
    }
  }

  /** Forgets the set: this process has changed a subscription, or learned that another one has. */
  invalidate(): void {
    this.epoch++;
    this.set = undefined;
    this.loading = undefined;
  }

  /** Forgets the set, and knows of the tenant of the subscription that this process has made. */
  added(tenant: string): void {
    if (tenant !== DEFAULT_TENANT) this.tenantsKnown = true;
    this.invalidate();
  }

  private load(): Promise<ActiveSet> {
    this.loading ??= this.readIn(this.epoch);
    return this.loading;
  }

  // A read that was overtaken by invalidate() may have missed what changed, and answers nobody.
  private async readIn(epoch: number): Promise<ActiveSet> {
    try {
      const set = await this.read();
      if (epoch === this.epoch) return this.keep(set);
    } finally {
      if (epoch === this.epoch) this.loading = undefined;
    }
    return this.current();
  }

  private keep(set: ActiveSet): ActiveSet {
    this.set = set;
    this.tenantsKnown = set.hasTenants;
    return set;
  }

  private async read(): Promise<ActiveSet> {
    const { version, hasTenants, records } = await this.store.loadActive();
    const subscriptions = records.map((record) => this.open(record));
    this.known = new Map(subscriptions.map((each) => [each.id, each]));
    return new ActiveSet(version, subscriptions, hasTenants);
  }

  // Unchanged subscriptions keep their instance: their compiled templates and decrypted keys live on.
  private open(record: SubscriptionRecord): Subscription {
    const known = this.knownAs(record);
    if (known) return known;
    const subscription = this.codec.open(record);
    const { id: subscriptionId, tenant, problem } = subscription;
    const fields = { subscriptionId, tenant };
    if (problem) this.logger.error('A subscription cannot deliver', { ...fields, ...errorFields(problem) });
    return subscription;
  }

  private knownAs({ id, version }: SubscriptionRecord): Subscription | undefined {
    const known = this.known.get(id);
    return known?.version === version ? known : undefined;
  }
}
