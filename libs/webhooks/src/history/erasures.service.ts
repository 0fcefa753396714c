import { Injectable } from '@nestjs/common';
import { Dispatcher } from '../dispatch/dispatcher.service.js';
import type { ErasableEvent } from '../storage/erasure.store.js';
import { ErasureStore } from '../storage/erasure.store.js';
import { ScheduleStore } from '../storage/schedule.store.js';

/** What an erasure has reached. */
export interface Erasure {
  readonly events: number;
  readonly deliveries: number;
  readonly attempts: number;
}

/** Few enough that nobody waits for the locks of one step. */
const STEP = 20;

/** Removes payloads for good, at once and whatever is open. */
@Injectable()
export class Erasures {
  constructor(
    private readonly store: ErasureStore,
    private readonly dispatcher: Dispatcher,
    private readonly schedules: ScheduleStore,
  ) {}

  async event(event: ErasableEvent): Promise<Erasure> {
    return this.expunge([event]);
  }

  /** Everything of a subject, step by step: each is durable, and whoever begins anew finds the rest. */
  async subject(subject: string, tenant: string | null): Promise<Erasure> {
    // First: what fires meanwhile is an event, which the steps find.
    await this.schedules.eraseSubject(subject, tenant);
    let total: Erasure = { events: 0, deliveries: 0, attempts: 0 };
    for (let after = ''; ;) {
      const events = await this.store.ofSubject(subject, tenant, after, STEP);
      const last = events.at(-1);
      if (!last) return total;
      total = sum(total, await this.expunge(events));
      after = last.id;
    }
  }

  private async expunge(events: readonly ErasableEvent[]): Promise<Erasure> {
    const { released, ...erased } = await this.store.expunge(events);
    // By the events: some of what waits here has no row yet.
    this.dispatcher.drop(new Set(), new Set(events.map(({ id }) => id)));
    if (released) this.dispatcher.released();
    return erased;
  }
}

function sum(left: Erasure, right: Erasure): Erasure {
  return {
    events: left.events + right.events,
    deliveries: left.deliveries + right.deliveries,
    attempts: left.attempts + right.attempts,
  };
}
