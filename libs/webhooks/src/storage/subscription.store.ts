import { Injectable } from '@nestjs/common';
import { SubscriptionConflictError } from '../errors/subscription-conflict-error.js';
import { Clock } from '../internal/clock.js';
import { DEFAULT_TENANT } from '../internal/tenants.js';
import type { ChangeAction, ChangeNote } from '../subscriptions/subscription-change.js';
import type {
  NewSubscriptionRecord,
  StateChange,
  SubscriptionRecord,
} from '../subscriptions/subscription-record.js';
import { ChangeStatements } from './change-statements.js';
import { Database } from './database.js';
import type { Row, Statement } from './database.js';
import { isUniqueViolation } from './driver-errors.js';
import { retryDeadlocks } from './retry-deadlocks.js';
import { SubscriptionStatements } from './subscription-statements.js';

/** The active subscriptions and the version of their set, as one snapshot. */
export interface ActiveRecords {
  readonly version: number;
  /** Some subscription, whatever its state, is not the default tenant's. */
  readonly hasTenants: boolean;
  /** Every enabled and paused one, by id. */
  readonly records: readonly SubscriptionRecord[];
}

/** A page of a list: what follows the id `after`. */
export interface Page {
  readonly limit: number;
  readonly after: string | null;
}

/** A row of the table `subscription_changes`. */
export interface ChangeRecord {
  readonly subscriptionId: string;
  /** The version of the subscription that the change made. */
  readonly version: number;
  readonly tenant: string;
  /** Epoch milliseconds of the database. */
  readonly at: number;
  readonly actor: string | null;
  readonly action: ChangeAction;
  readonly reason: string | null;
  /** JSON: what it changed. */
  readonly what: string;
}

/** Subscriptions at rest. Every write bumps the version of the whole set, and notes who did what, in the same transaction. */
@Injectable()
export class SubscriptionStore {
  private readonly statements: SubscriptionStatements;
  private readonly history: ChangeStatements;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {
    this.statements = new SubscriptionStatements(database.sql);
    this.history = new ChangeStatements(database.sql);
  }

  /**
   * Writes it, unless its tenant has so many already.
   *
   * @returns the row, or undefined when the tenant has no room for it
   * @throws SubscriptionConflictError when the tenant has another one with this uid
   */
  insert(
    record: NewSubscriptionRecord,
    note: ChangeNote,
    mostOfTenant: number,
  ): Promise<SubscriptionRecord | undefined> {
    const { offset } = this.clock;
    const made = this.history.note({ id: record.id, found: 1, makes: 1, note }, offset);
    return this.write([this.statements.insert(record, mostOfTenant, offset), made], record);
  }

  /** Writes its secrets under another key, if the row still has the record's version; false otherwise. */
  async reseal(record: SubscriptionRecord): Promise<boolean> {
    const [rows] = await this.database.run([this.statements.reseal(record)]);
    return rows!.length > 0;
  }

  /**
   * Writes everything but tenant and state, and lets go what waits in line when that is no longer asked for, if the row still has the record's version.
   *
   * @returns the row as it is now, or undefined when it was changed or deleted meanwhile
   * @throws SubscriptionConflictError when the tenant has another one with this uid
   */
  update(record: SubscriptionRecord, note: ChangeNote): Promise<SubscriptionRecord | undefined> {
    const updated = this.statements.update(record, this.clock.offset);
    return this.write([this.noted(record, note), ...updated], record);
  }

  /**
   * Changes the state and, with it, what becomes of the open deliveries, if the row still has the record's version.
   *
   * @returns the row as it is now, or undefined when it was changed or deleted meanwhile
   */
  changeState(
    record: SubscriptionRecord,
    change: StateChange,
    note: ChangeNote,
  ): Promise<SubscriptionRecord | undefined> {
    const moved = this.statements.changeState(record, change, this.clock.offset);
    return this.write([this.noted(record, note), ...moved], record);
  }

  /**
   * Deletes it and cancels its open deliveries, if the row still has the record's version.
   *
   * @returns the row as it was, or undefined when it was changed or deleted meanwhile
   */
  remove(record: SubscriptionRecord, note: ChangeNote): Promise<SubscriptionRecord | undefined> {
    const removed = this.statements.remove(record, this.clock.offset);
    return this.write([this.noted(record, note), ...removed], record);
  }

  /** The changes of one, also of a deleted one: newest first, those before a version; `tenant` null: whosever it is. */
  async changes(
    id: string,
    tenant: string | null,
    { limit, before }: { readonly limit: number; readonly before: number },
  ): Promise<ChangeRecord[]> {
    const [rows] = await this.database.run([this.history.list(id, tenant, limit, before)]);
    return rows!.map(changeOf);
  }

  /** The one with this id. */
  async find(id: string): Promise<SubscriptionRecord | undefined> {
    const [rows] = await this.database.run([this.statements.find(id)]);
    return rows!.map(recordOf)[0];
  }

  /** The one to which the tenant gave this uid. */
  async findByUid(tenant: string, uid: string): Promise<SubscriptionRecord | undefined> {
    const [rows] = await this.database.run([this.statements.findByUid(tenant, uid)]);
    return rows!.map(recordOf)[0];
  }

  /** A page of a tenant's subscriptions, or of all (`null`), in the order of their ids: oldest first. */
  async list(tenant: string | null, page: Page): Promise<SubscriptionRecord[]> {
    const [rows] = await this.database.run([this.statements.list(tenant, page.limit, page.after ?? '')]);
    return rows!.map(recordOf);
  }

  /** What deliveries are matched against. */
  async loadActive(): Promise<ActiveRecords> {
    const [rows] = await this.database.run([this.statements.loadActive(DEFAULT_TENANT)]);
    const [first] = rows!;
    return {
      version: Number(first!.set_version),
      hasTenants: Number(first!.has_tenants) > 0,
      records: rows!.filter(({ id }) => id !== null).map(recordOf),
    };
  }

  private async write(
    statements: readonly Statement[],
    { tenant, uid }: NewSubscriptionRecord,
  ): Promise<SubscriptionRecord | undefined> {
    try {
      const results = await this.run([this.statements.bumpVersion(), ...statements]);
      // Of all of them only the write itself returns what it wrote.
      return results.flat().map(recordOf)[0];
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      throw new SubscriptionConflictError(
        `The tenant "${tenant}" already has a subscription with the uid "${uid}": update that one, or choose another uid.`,
        { cause: error },
      );
    }
  }

  private noted({ id, version }: SubscriptionRecord, note: ChangeNote): Statement {
    return this.history.note({ id, found: version, makes: version + 1, note }, this.clock.offset);
  }

  // Holding many deliveries may lock the same rows as a settlement under way, in another order.
  private run(statements: readonly Statement[]): Promise<Row[][]> {
    return retryDeadlocks(() => this.database.run(statements));
  }
}

function recordOf(row: Row): SubscriptionRecord {
  return {
    id: row.id as string,
    tenant: row.tenant as string,
    uid: row.uid as string | null,
    state: row.state as SubscriptionRecord['state'],
    stateReason: row.state_reason as string | null,
    eventTypes: row.event_types as string,
    httpRequest: row.http_request as string,
    templateSecrets: row.template_secrets as string,
    authentication: row.authentication as string | null,
    signatures: row.signatures as string,
    fields: row.fields as string | null,
    filter: row.filter as string | null,
    ordering: row.ordering as SubscriptionRecord['ordering'],
    secrets: row.secrets as string,
    description: row.description as string | null,
    metadata: row.metadata as string,
    limits: row.limits as string,
    version: Number(row.version),
    createdAt: Number(row.created_at),
    updatedAt: Number(row.updated_at),
  };
}

function changeOf(row: Row): ChangeRecord {
  return {
    subscriptionId: row.subscription_id as string,
    version: Number(row.version),
    tenant: row.tenant as string,
    at: Number(row.at),
    actor: row.actor as string | null,
    action: row.action as ChangeAction,
    reason: row.reason as string | null,
    what: row.what as string,
  };
}
