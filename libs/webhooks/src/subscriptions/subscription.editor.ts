import { SubscriptionConflictError } from '../errors/subscription-conflict-error.js';
import { SubscriptionNotFoundError } from '../errors/subscription-not-found-error.js';
import type { SubscriptionStore } from '../storage/subscription.store.js';
import type { SubscriptionIndex } from './subscription.index.js';
import type { SubscriptionRecord } from './subscription-record.js';

/** Whose subscriptions may be touched. */
export interface TenantScope {
  /** Left out: every tenant's. */
  readonly tenant?: string | undefined;
}

/** Writes a row if it still has the record's version; undefined when it was changed or deleted meanwhile. */
export type Write = (record: SubscriptionRecord) => Promise<SubscriptionRecord | undefined>;

const WRITE_ATTEMPTS = 5;

/** Finds rows and changes them, each in the version that was read. */
export class SubscriptionEditor {
  constructor(
    private readonly store: Pick<SubscriptionStore, 'find'>,
    private readonly index: Pick<SubscriptionIndex, 'invalidate'>,
  ) {}

  /** @throws SubscriptionNotFoundError also for another tenant's */
  async find(id: string, { tenant }: TenantScope): Promise<SubscriptionRecord> {
    const record = await this.store.find(id);
    if (record && (tenant === undefined || record.tenant === tenant)) return record;
    throw new SubscriptionNotFoundError(`id ${JSON.stringify(id)}`);
  }

  /**
   * Somebody else may write between our read and our write: then it starts again from what he wrote.
   *
   * @throws SubscriptionNotFoundError, SubscriptionConflictError
   */
  async change(id: string, scope: TenantScope, write: Write): Promise<SubscriptionRecord> {
    for (let attempt = 0; attempt < WRITE_ATTEMPTS; attempt++) {
      const written = await write(await this.find(id, scope));
      this.index.invalidate();
      if (written) return written;
    }
    throw new SubscriptionConflictError(
      `The subscription ${id} is being changed by others all the time: try again.`,
    );
  }
}
