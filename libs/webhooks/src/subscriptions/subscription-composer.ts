import type { EventType } from '../catalog/event-type.js';
import { checkContent } from './content/check-content.js';
import { resolvePatterns, type EventTypeNames } from './event-type-patterns.js';
import type { RequestCheck } from './request-check.js';
import type { SubscriptionCodec } from './subscription-codec.js';
import type { SubscriptionDraft } from './subscription-input.js';
import type { SubscriptionRecord } from './subscription-record.js';
import { withMissing } from './signing-secrets.js';
import type { Subscription, SubscriptionSecret } from './subscription.js';
import type { SecretHolder } from './template-secrets.js';

/** What of a row its owner decides. */
export type SubscriptionContent = Omit<
  SubscriptionRecord,
  'id' | 'tenant' | 'state' | 'stateReason' | 'version' | 'createdAt' | 'updatedAt'
>;

/** What a draft is put upon. */
export interface SubscriptionBase {
  readonly id: string;
  /** What is stored; null for a new subscription. */
  readonly stored: SecretHolder | null;
  readonly secrets: readonly SubscriptionSecret[];
}

/** What is to become of a subscription that is there. */
export type DraftOf = (current: Subscription) => SubscriptionDraft;

/** Turns a draft into what is stored: checked against the catalog, aliases resolved, secrets encrypted. */
export class SubscriptionComposer {
  constructor(
    private readonly catalog: EventTypeNames<EventType>,
    private readonly requests: RequestCheck,
    private readonly codec: SubscriptionCodec,
  ) {}

  /** @throws UnknownEventTypeError, TemplateError, SubscriptionInvalidError */
  compose(draft: SubscriptionDraft, { id, stored, secrets }: SubscriptionBase): SubscriptionContent {
    const { patterns, types } = resolvePatterns(draft.eventTypes, this.catalog);
    const checked = this.requests.check(draft, types, stored);
    const { fields, filter } = checkContent(draft, types);
    return {
      uid: draft.uid,
      eventTypes: JSON.stringify(patterns),
      ...this.codec.seal({ id, ...checked, secrets }),
      signatures: JSON.stringify(draft.signatures),
      fields: fields && JSON.stringify(fields),
      filter: filter && JSON.stringify(filter),
      ordering: draft.ordering,
      description: draft.description,
      metadata: JSON.stringify(draft.metadata),
      limits: JSON.stringify(draft.limits),
    };
  }

  /**
   * A row with what a draft says in the place of what it held; its signing secrets stay.
   *
   * @throws what {@link compose} throws, and why the row cannot be read
   */
  rewrite(record: SubscriptionRecord, draftOf: DraftOf, nowMs: number): SubscriptionRecord {
    const current = this.codec.open(record);
    if (current.problem) throw current.problem;
    const draft = draftOf(current);
    const secrets = withMissing(current.secrets, draft.signatures, nowMs);
    return { ...record, ...this.compose(draft, { id: record.id, stored: current, secrets }) };
  }
}
