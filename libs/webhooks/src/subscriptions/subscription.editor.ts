import { SubscriptionConflictError } from '../errors/subscription-conflict-error.js';
import { SubscriptionNotFoundError } from '../errors/subscription-not-found-error.js';
import type { SubscriptionStore } from '../storage/subscription.store.js';
import { noteOf, type Author, type ChangeAction, type ChangeNote } from './subscription-change.js';
import type { SubscriptionCodec } from './subscription-codec.js';
import type { SubscriptionIndex } from './subscription.index.js';
import type { SubscriptionRecord } from './subscription-record.js';

/** Whose subscriptions may be touched. */
export interface TenantScope {
  /** Left out: every tenant's. */
  readonly tenant?: string | undefined;
}

/** Whose subscriptions may be changed, by whom and why. */
export interface ChangeScope extends TenantScope, Author {}

/** Whose subscriptions may be moved to another state, by whom and why. */
export interface MoveScope extends ChangeScope {
  /** Nothing is changed when it has another version by now. */
  readonly version?: number | undefined;
}

/** Writes a row if it still has the record's version; undefined when it was changed or deleted meanwhile. */
export type Write = (record: SubscriptionRecord) => Promise<SubscriptionRecord | undefined>;

/** A row before and after a change; null: there is none. */
export interface RowVersions {
  readonly before: SubscriptionRecord | null;
  readonly after: SubscriptionRecord | null;
}

const WRITE_ATTEMPTS = 5;

/** Finds rows and changes them, each in the version that was read. */
export class SubscriptionEditor {
  constructor(
    private readonly store: Pick<SubscriptionStore, 'find'>,
    private readonly index: Pick<SubscriptionIndex, 'invalidate'>,
    private readonly codec: Pick<SubscriptionCodec, 'open'>,
  ) {}

  /** @throws SubscriptionNotFoundError also for another tenant's */
  async find(id: string, { tenant }: TenantScope): Promise<SubscriptionRecord> {
    const record = await this.store.find(id);
    if (record && (tenant === undefined || record.tenant === tenant)) return record;
    throw new SubscriptionNotFoundError(`id ${JSON.stringify(id)}`);
  }

  /**
   * What is written beside a change.
   *
   * @throws SubscriptionInvalidError when the author's texts are none, or too long
   */
  note(action: ChangeAction, author: Author, { before, after }: RowVersions): ChangeNote {
    const [was, becomes] = [before, after].map((record) => record && this.codec.open(record));
    return noteOf(action, author, { before: was!, after: becomes! });
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
