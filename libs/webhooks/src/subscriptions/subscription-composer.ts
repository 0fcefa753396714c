import type { EventType } from '../catalog/event-type.js';
import { checkContent } from './content/check-content.js';
import { resolvePatterns, type EventTypeNames } from './event-type-patterns.js';
import type { RequestCheck } from './request-check.js';
import type { SubscriptionCodec } from './subscription-codec.js';
import type { SubscriptionDraft } from './subscription-input.js';
import type { SubscriptionRecord } from './subscription-record.js';
import type { SubscriptionSecret } from './subscription.js';
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
}
