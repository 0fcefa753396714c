import { Inject, Injectable, Optional } from '@nestjs/common';
import { EventCatalog } from '../catalog/event-catalog.service.js';
import { SubscriptionLimitError } from '../errors/subscription-limit-error.js';
import { SubscriptionNotFoundError } from '../errors/subscription-not-found-error.js';
import { Clock } from '../internal/clock.js';
import { newId } from '../internal/ids.js';
import { DEFAULT_TENANT } from '../internal/tenants.js';
import { SubscriptionStore } from '../storage/subscription.store.js';
import { EgressGuard } from '../transport/egress-guard.js';
import { DEFAULT_LIMITS, WEBHOOKS_LIMITS, type LimitOptions } from '../webhooks.options.js';
import { BrokenTemplates, type BrokenTemplate } from './broken-templates.js';
import { changePage, type ChangePage } from './change-view.js';
import { KeyRing } from './key-ring.js';
import { Lifecycle } from './lifecycle.service.js';
import { parseChangesQuery, parseListQuery, type ChangesQuery, type ListQuery } from './list-query.js';
import { firstSecrets, withMissing } from './signing-secrets.js';
import { parseSubscription } from './parse-subscription.js';
import { patchSubscription } from './patch-subscription.js';
import { repeatRaces } from './repeat-races.js';
import { RequestCheck } from './request-check.js';
import { SubscriptionCodec } from './subscription-codec.js';
import type { Author } from './subscription-change.js';
import { SubscriptionEditor } from './subscription.editor.js';
import type { ChangeScope, MoveScope, TenantScope, Write } from './subscription.editor.js';
import { SubscriptionIndex } from './subscription.index.js';
import { SubscriptionComposer } from './subscription-composer.js';
import type { SubscriptionDraft, SubscriptionInput, SubscriptionPatch } from './subscription-input.js';
import type { StateChange, SubscriptionRecord } from './subscription-record.js';
import type { Subscription } from './subscription.js';
import { viewOf, type CreatedSubscription, type SubscriptionView } from './subscription-view.js';
import { changeFor, type Transition } from './transitions.js';

/** A page of subscriptions. */
export interface SubscriptionPage {
  readonly items: readonly SubscriptionView[];
  /** The cursor of the next page; null after the last. */
  readonly next: string | null;
}

/**
 * Creates, reads and changes subscriptions. Nothing it returns or throws holds a secret, but for `create`.
 *
 * @example
 * await subscriptions.create({ url: 'https://example.com/hooks' });
 * await subscriptions.create({
 *   event_types: ['OrderTicketed'],
 *   http_request: { url: 'https://example.com/orders/{{agw_id}}', json_body: { pnr: '{{pnr}}' } },
 * });
 */
@Injectable()
export class SubscriptionsService {
  private readonly codec: SubscriptionCodec;
  private readonly composer: SubscriptionComposer;
  private readonly broken: BrokenTemplates;
  private readonly editor: SubscriptionEditor;
  @Optional()
  @Inject(Lifecycle)
  private readonly lifecycle?: Lifecycle;
  @Optional()
  @Inject(WEBHOOKS_LIMITS)
  private readonly limits: Required<LimitOptions> = DEFAULT_LIMITS;

  constructor(
    private readonly store: SubscriptionStore,
    private readonly index: SubscriptionIndex,
    catalog: EventCatalog,
    guard: EgressGuard,
    keyRing: KeyRing,
    private readonly clock: Clock,
  ) {
    this.codec = new SubscriptionCodec(keyRing, catalog);
    this.editor = new SubscriptionEditor(store, index, this.codec);
    this.broken = new BrokenTemplates(() => index.current(), catalog);
    this.composer = new SubscriptionComposer(catalog, new RequestCheck(guard), this.codec);
  }

  /**
   * Makes a subscription. It gets events that are published from now on.
   *
   * @param author who makes it and why, for its history
   * @returns its view, and its signing secret in clear: this once
   * @throws SubscriptionInvalidError, UnknownEventTypeError, TemplateError, SubscriptionConflictError
   * @throws SubscriptionLimitError when its tenant has as many as the options allow
   */
  async create(input: SubscriptionInput, author: Author = {}): Promise<CreatedSubscription> {
    const draft = parseSubscription(input);
    const id = newId('sub', this.clock.now());
    const secrets = firstSecrets(draft.secret, draft.signatures, this.clock.now());
    const { tenant, state } = draft;
    const content = this.composer.compose(draft, { id, stored: null, secrets });
    const { subscriptionsPerTenant } = this.limits;
    const fresh = { id, tenant, state, stateReason: null, ...content };
    const born = { ...fresh, version: 1, createdAt: 0, updatedAt: 0 };
    const note = this.editor.note('create', author, { before: null, after: born });
    const record = await this.store.insert(fresh, note, subscriptionsPerTenant);
    if (!record) throw new SubscriptionLimitError(tenant, subscriptionsPerTenant);
    this.index.added(tenant);
    return { ...this.view(record), secret: secrets[0]!.secret };
  }

  /** @throws SubscriptionNotFoundError also for another tenant's */
  async get(id: string, scope: TenantScope = {}): Promise<SubscriptionView> {
    return this.view(await this.editor.find(id, scope));
  }

  /**
   * The one to which its tenant gave this key.
   *
   * @throws SubscriptionNotFoundError
   */
  async getByUid(uid: string, { tenant = DEFAULT_TENANT }: TenantScope = {}): Promise<SubscriptionView> {
    const record = await this.store.findByUid(tenant, uid);
    if (!record) throw new SubscriptionNotFoundError(`uid ${JSON.stringify(uid)}`);
    return this.view(record);
  }

  /** A page, oldest first. @throws QueryInvalidError */
  async list(query: ListQuery = {}): Promise<SubscriptionPage> {
    const { tenant, limit, after } = parseListQuery(query);
    const records = await this.store.list(tenant, { limit: limit + 1, after });
    const items = records.slice(0, limit).map((record) => this.view(record));
    return { items, next: records.length > limit ? items.at(-1)!.id : null };
  }

  /**
   * Who changed it, when, why and what: newest first, also after it was deleted.
   *
   * @throws SubscriptionNotFoundError, QueryInvalidError
   */
  async changes(id: string, query: ChangesQuery = {}, { tenant }: TenantScope = {}): Promise<ChangePage> {
    const { limit, before } = parseChangesQuery(query);
    const records = await this.store.changes(id, tenant ?? null, { limit: limit + 1, before });
    if (records.length === 0) throw new SubscriptionNotFoundError(`id ${JSON.stringify(id)}`);
    return changePage(records, limit);
  }

  /**
   * Applies a merge-patch.
   *
   * @throws SubscriptionInvalidError, UnknownEventTypeError, TemplateError, SubscriptionNotFoundError
   * @throws SubscriptionConflictError when the patch names another `version`, or its `uid` is taken
   */
  update(id: string, patch: SubscriptionPatch, scope: ChangeScope = {}): Promise<SubscriptionView> {
    return this.rewritten(id, scope, (current) => patchSubscription(viewOf(current), patch));
  }

  /**
   * Makes the subscription to which its tenant gave this key what `input` says: creates it, or replaces all of it but its id,
   * state and signing secrets. Doing it again changes nothing, so it suits what is configured elsewhere.
   *
   * @returns its view, and its signing secret only when it was created
   * @throws what {@link create} throws
   */
  async put(
    uid: string,
    input: SubscriptionInput,
    author: Author = {},
  ): Promise<CreatedSubscription | SubscriptionView> {
    const whole = { ...input, uid };
    const draft = parseSubscription(whole);
    return repeatRaces<CreatedSubscription | SubscriptionView>(async () => {
      const known = await this.store.findByUid(draft.tenant, uid);
      return known ? this.rewritten(known.id, author, () => draft) : this.create(whole, author);
    });
  }

  /**
   * Deletes it and cancels its open deliveries.
   *
   * @throws SubscriptionNotFoundError
   */
  async delete(id: string, scope: ChangeScope = {}): Promise<void> {
    const { tenant } = await this.editor.change(id, scope, (record) =>
      this.store.remove(record, this.editor.note('delete', scope, { before: record, after: null })),
    );
    // It may have been the last one with a tenant: the next publish need not name one then.
    if (tenant !== DEFAULT_TENANT) await this.index.current();
  }

  /** Makes a disabled one active again. Sends nothing by itself. */
  enable(id: string, scope: ChangeScope = {}): Promise<SubscriptionView> {
    return this.move(id, 'enable', scope);
  }

  /** Stops it: open deliveries are held, and nothing new is written for it. */
  disable(id: string, reason = 'manual', scope: Omit<MoveScope, 'reason'> = {}): Promise<SubscriptionView> {
    return this.move(id, 'disable', { ...scope, reason });
  }

  /** Interrupts it: deliveries are kept, and wait for `resume`. */
  pause(id: string, scope: ChangeScope = {}): Promise<SubscriptionView> {
    return this.move(id, 'pause', scope);
  }

  /** Ends a pause: everything that was held is due at once. */
  resume(id: string, scope: ChangeScope = {}): Promise<SubscriptionView> {
    return this.move(id, 'resume', scope);
  }

  /**
   * The enabled and paused subscriptions that the catalog of this process no longer allows, and where they break.
   *
   * @param goesOn asked before each subscription; false ends the search
   */
  brokenTemplates(goesOn?: () => boolean): Promise<BrokenTemplate[]> {
    return this.broken.find(goesOn);
  }

  private rewritten(
    id: string,
    scope: ChangeScope,
    draftOf: (current: Subscription) => SubscriptionDraft,
  ): Promise<SubscriptionView> {
    return this.changed(id, scope, async (record) => {
      const current = this.codec.open(record);
      if (current.problem) throw current.problem;
      const draft = draftOf(current);
      const secrets = withMissing(current.secrets, draft.signatures, this.clock.now());
      const next = { ...record, ...this.composer.compose(draft, { id, stored: current, secrets }) };
      return this.store.update(next, this.editor.note('update', scope, { before: record, after: next }));
    });
  }

  private async move(id: string, transition: Transition, scope: MoveScope): Promise<SubscriptionView> {
    let change: StateChange | null = null;
    const view = await this.changed(id, scope, async (record) => {
      const isMeant = scope.version === undefined || scope.version === record.version;
      change = isMeant ? changeFor(transition, record, scope.reason) : null;
      const after = change ? { ...record, state: change.to, stateReason: change.reason } : record;
      const note = this.editor.note(transition, scope, { before: record, after });
      return change ? this.store.changeState(record, change, note) : record;
    });
    if (change !== null) this.tell(view, transition);
    return view;
  }

  private tell({ id, tenant, state_reason }: SubscriptionView, transition: Transition): void {
    if (transition !== 'enable' && transition !== 'disable') return;
    const name = `webhooks.subscription.${transition}d` as const;
    this.lifecycle?.tell(name, { subscriptionId: id, tenant, reason: state_reason });
  }

  private async changed(id: string, scope: TenantScope, write: Write): Promise<SubscriptionView> {
    return this.view(await this.editor.change(id, scope, write));
  }

  private view(record: SubscriptionRecord): SubscriptionView {
    return viewOf(this.codec.open(record));
  }
}
