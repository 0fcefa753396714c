import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Dispatcher } from '../dispatch/dispatcher.service.js';
import { Observation } from '../dispatch/observer.js';
import { DatabaseBusyError } from '../errors/database-busy-error.js';
import { IdempotencyConflictError } from '../errors/idempotency-conflict-error.js';
import { PublishInsideForeignTransactionError } from '../errors/publish-inside-foreign-transaction-error.js';
import { Clock } from '../internal/clock.js';
import type { NewEvent, StoredEvent } from '../internal/event.js';
import type { Executor } from '../storage/database.js';
import { Database } from '../storage/database.js';
import { isTransactionAborted } from '../storage/driver-errors.js';
import type { KeyClaim, KeyHolder } from '../storage/event.store.js';
import { EventStore } from '../storage/event.store.js';
import { payloadHash } from './event-draft.js';
import { GroupCommit } from './group-commit.js';
import type { OutboxActions } from './outbox.subscriber.js';
import { OutboxSubscriber } from './outbox.subscriber.js';
import type { PublishedEvent } from './publish-options.js';

/** Writes events, inside the caller's transaction or in one of its own, and hands them to the dispatcher once committed. */
@Injectable()
export class EventWriter implements OutboxActions {
  /** To be put on the data source: it sees every transaction. */
  readonly outbox = new OutboxSubscriber(this);
  private readonly groups = new Map<string, GroupCommit<NewEvent, PublishedEvent>>();

  constructor(
    private readonly database: Database,
    private readonly store: EventStore,
    private readonly dispatcher: Dispatcher,
    private readonly clock: Clock,
    private readonly observation: Observation,
  ) {}

  /** Writes in the manager's transaction: the event commits or vanishes with it. */
  inTransaction(event: NewEvent, manager: EntityManager): PublishedEvent | Promise<PublishedEvent> {
    if (event.idempotencyKey !== null)
      return this.outbox.alongside(manager, () => this.claimAndAdd(event, manager));
    this.outbox.add(event, manager);
    return { id: event.id, duplicate: false };
  }

  /** Runs other statements as events are written: in the manager's transaction, or at once when there is none. */
  async alongside<T>(
    manager: EntityManager | undefined,
    work: (executor: Executor) => Promise<T>,
  ): Promise<T> {
    if (manager) return this.outbox.alongside(manager, () => work(this.database.within(manager)));
    return work(this.database).catch(refuse);
  }

  /** Once the transaction has committed, something falls due so many milliseconds from now. */
  dueAfterCommit(manager: EntityManager | undefined, dueInMs: number): void {
    if (!manager) return this.dispatcher.released(dueInMs);
    const dueAt = this.clock.monotonic() + dueInMs;
    this.outbox.afterCommit(manager, () => this.dispatcher.released(dueAt - this.clock.monotonic()));
  }

  /** Writes at once, together with what others want written at the same time; resolves when it is durable. */
  async onItsOwn(event: NewEvent): Promise<PublishedEvent> {
    return this.groupFor(event).add(event).catch(refuse);
  }

  async write(events: readonly NewEvent[], manager: EntityManager): ReturnType<OutboxActions['write']> {
    if (this.database.hasEndedTransaction) return undefined;
    const leasedAt = this.clock.monotonic();
    const leaseMs = this.dispatcher.leaseFor(events.length);
    try {
      const stored = await this.store.insert(this.database.within(manager), events, leaseMs);
      return { events: stored, leasedAt: leaseMs > 0 ? leasedAt : undefined };
    } catch (error) {
      // A failure was swallowed: the server will answer COMMIT with ROLLBACK, and TypeORM will report it as committed.
      if (isTransactionAborted(error)) return undefined;
      throw error;
    }
  }

  handOver(events: readonly StoredEvent[], leasedAt: number | undefined): void {
    this.dispatcher.accept(events, leasedAt);
    this.observation.observer?.published(events);
  }

  // An open transaction may hold an idempotency key. On PostgreSQL whoever wants the same one waits for it, and nobody else
  // must: that transaction may itself be waiting for another publish. On SQLite all wait for the connection anyway.
  private groupFor({ tenant, idempotencyKey }: NewEvent): GroupCommit<NewEvent, PublishedEvent> {
    const alone = idempotencyKey !== null && this.database.sql.dialect === 'postgres';
    const name = alone ? `${tenant}\0${idempotencyKey}` : '';
    const known = this.groups.get(name);
    if (known) return known;
    const group = new GroupCommit<NewEvent, PublishedEvent>(
      (events) => this.writeGroup(events),
      (error) => error instanceof DatabaseBusyError,
      () => this.groups.delete(name),
    );
    this.groups.set(name, group);
    return group;
  }

  private async claimAndAdd(event: NewEvent, manager: EntityManager): Promise<PublishedEvent> {
    const claim = claimOf(event);
    const result = judge(event, claim, await this.store.claimKeys(this.database.within(manager), [claim]));
    if (result instanceof Error) throw result;
    if (!result.duplicate) this.outbox.add(event, manager);
    return result;
  }

  private async writeGroup(events: readonly NewEvent[]): Promise<(PublishedEvent | Error)[]> {
    const claims = events.map((event) => (event.idempotencyKey === null ? undefined : claimOf(event)));
    const leasedAt = this.clock.monotonic();
    const leaseMs = this.dispatcher.leaseFor(events.length);
    const { stored, keys } = await this.store.claimAndInsert(events, claims.filter(isPresent), leaseMs);
    this.handOver(stored, leaseMs > 0 ? leasedAt : undefined);
    return events.map((event, index) => judge(event, claims[index], keys));
  }
}

function refuse(error: unknown): never {
  if (error instanceof DatabaseBusyError) throw new PublishInsideForeignTransactionError({ cause: error });
  throw error;
}

function claimOf(event: NewEvent): KeyClaim {
  return {
    tenant: event.tenant,
    key: event.idempotencyKey!,
    eventId: event.id,
    hash: payloadHash(event.data),
  };
}

function isPresent<T>(value: T | undefined): value is T {
  return value !== undefined;
}

function judge(
  event: NewEvent,
  claim: KeyClaim | undefined,
  keys: ReadonlyMap<string, KeyHolder>,
): PublishedEvent | IdempotencyConflictError {
  const holder = claim && keys.get(`${claim.tenant}\0${claim.key}`);
  if (!claim || !holder || holder.eventId === event.id) return { id: event.id, duplicate: false };
  if (holder.hash === claim.hash) return { id: holder.eventId, duplicate: true };
  return new IdempotencyConflictError(claim.key, holder.eventId);
}
