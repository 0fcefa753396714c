import { Injectable } from '@nestjs/common';
import { EventCatalog } from '../catalog/event-catalog.service.js';
import { SubscriptionNotFoundError } from '../errors/subscription-not-found-error.js';
import { WebhooksError } from '../errors/webhooks-error.js';
import { Clock } from '../internal/clock.js';
import { isPrivateKey, publicKeyOf } from '../signing/private-key.js';
import { DeliveryControlStore } from '../storage/delivery-control.store.js';
import { SubscriptionStore } from '../storage/subscription.store.js';
import { BodySeal } from './body-seal.js';
import { KeyRing } from './key-ring.js';
import { parseRotation, type RotationOptions } from './parse-rotation.js';
import { isLive, rotated } from './signing-secrets.js';
import { SubscriptionCodec } from './subscription-codec.js';
import { SubscriptionEditor, type ChangeScope } from './subscription.editor.js';
import { SubscriptionIndex } from './subscription.index.js';
import { viewOf, type CreatedSubscription } from './subscription-view.js';

/** What was encrypted anew, and what could not be. */
export interface Reencryption {
  readonly subscriptions: number;
  readonly deliveries: number;
  /** Ids of what no key of the ring opens: it keeps what it has. */
  readonly unreadable: readonly string[];
}

interface Stored {
  readonly id: string;
}

const PAGE = 100;

/** What verifies signatures. */
export interface PublicKey {
  readonly id: string;
  /** `whpk_…` */
  readonly key: string;
  /** ISO 8601: until when it signs; null: it stays. */
  readonly not_after: string | null;
}

/** The signing secrets of subscriptions, and the key under which everything secret is stored. */
@Injectable()
export class SecretsService {
  private readonly codec: SubscriptionCodec;
  private readonly seal: BodySeal;
  private readonly editor: SubscriptionEditor;

  constructor(
    private readonly subscriptions: SubscriptionStore,
    private readonly deliveries: DeliveryControlStore,
    private readonly index: SubscriptionIndex,
    private readonly clock: Clock,
    catalog: EventCatalog,
    keyRing: KeyRing,
  ) {
    this.codec = new SubscriptionCodec(keyRing, catalog);
    this.editor = new SubscriptionEditor(subscriptions, index, this.codec);
    this.seal = new BodySeal(keyRing);
  }

  /**
   * Makes a new signing secret, and a new private key where `v1a` is chosen. Requests are signed with the old ones, too,
   * until the overlap ends, so that the receiver can change over in his own time.
   *
   * @returns the subscription's view, and the new secret in clear: this once
   * @throws SubscriptionInvalidError, SubscriptionNotFoundError
   * @throws SubscriptionConflictError when ten secrets are live already
   */
  async rotate(
    subscriptionId: string,
    options: RotationOptions = {},
    scope: ChangeScope = {},
  ): Promise<CreatedSubscription> {
    const rotation = parseRotation(options);
    const written = await this.editor.change(subscriptionId, scope, async (record) => {
      const current = this.codec.open(record);
      if (current.problem) throw current.problem;
      const { signatures } = current;
      const secrets = rotated(current.secrets, { ...rotation, signatures }, this.clock.now());
      const next = { ...record, ...this.codec.seal({ ...current, secrets }) };
      const note = this.editor.note('rotate', scope, { before: record, after: next });
      return this.subscriptions.update(next, note);
    });
    const subscription = this.codec.open(written);
    const newest = subscription.secrets.findLast(({ secret }) => !isPrivateKey(secret));
    return { ...viewOf(subscription), secret: newest!.secret };
  }

  /**
   * With what the receiver of a subscription verifies `v1a` signatures, the newest last. Known of enabled and paused ones.
   *
   * @throws SubscriptionNotFoundError also when it does not sign with `v1a`
   */
  async publicKeys(subscriptionId: string): Promise<readonly PublicKey[]> {
    const subscription = (await this.index.current()).byId(subscriptionId);
    if (!subscription?.signatures.includes('v1a'))
      throw new SubscriptionNotFoundError(`id ${JSON.stringify(subscriptionId)}`);
    const now = this.clock.now();
    // An ended one stays in the row until the next rotation: nobody is to trust it any more.
    const live = subscription.secrets.filter((each) => isPrivateKey(each.secret) && isLive(each, now));
    return live.map(({ id, secret, notAfter }) => ({
      id,
      key: publicKeyOf(secret),
      not_after: notAfter === null ? null : new Date(notAfter).toISOString(),
    }));
  }

  /**
   * Encrypts everything with the current key that still is under a previous one, a hundred rows at a time, beside the
   * running application. After it `secrets.previous` can be emptied, if nothing was unreadable.
   *
   * @example
   * const app = await NestFactory.createApplicationContext(AppModule);
   * console.log(await app.get(SecretsService).reencrypt());
   */
  async reencrypt(): Promise<Reencryption> {
    const unreadable: string[] = [];
    const subscriptions = await this.pages(
      (after) => this.subscriptions.list(null, { limit: PAGE, after }),
      ({ id }) => this.resealSubscription(id),
      unreadable,
    );
    const deliveries = await this.pages(
      (after) => this.deliveries.sealed(after ?? '', PAGE),
      ({ id, body }) => this.resealBody(id, body),
      unreadable,
    );
    return { subscriptions, deliveries, unreadable };
  }

  private async pages<T extends Stored>(
    read: (after: string | null) => Promise<readonly T[]>,
    reseal: (row: T) => Promise<boolean>,
    unreadable: string[],
  ): Promise<number> {
    let changed = 0;
    let page = await read(null);
    while (page.length > 0) {
      for (const row of page)
        if (
          await readable(
            () => reseal(row),
            () => unreadable.push(row.id),
          )
        )
          changed++;
      page = await read(page.at(-1)!.id);
    }
    return changed;
  }

  // Whoever changes it meanwhile may do so on a process that does not know the new key yet: look again.
  private async resealSubscription(id: string): Promise<boolean> {
    for (;;) {
      const record = await this.subscriptions.find(id);
      if (!record || this.codec.isCurrent(record)) return false;
      const subscription = this.codec.open(record);
      if (subscription.problem) throw subscription.problem;
      if (await this.subscriptions.reseal({ ...record, ...this.codec.seal(subscription) })) return true;
    }
  }

  private async resealBody(id: string, body: string): Promise<boolean> {
    const next = this.seal.reseal(id, body);
    return next !== body && this.deliveries.replaceBody(id, body, next);
  }
}

async function readable(work: () => Promise<boolean>, otherwise: () => void): Promise<boolean> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof WebhooksError)) throw error;
    otherwise();
    return false;
  }
}
