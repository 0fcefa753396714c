import { publicKeyOf, isPrivateKey } from '../signing/private-key.js';
import { maskedAuthentication, type Authentication } from './authentication.js';
import type { ContentFilter } from './content/content-filter.js';
import { maskedRequest } from './secret-headers.js';
import type { SubscriptionState } from './subscription-record.js';
import { maskedSecrets } from './template-secrets.js';
import type {
  HttpRequest,
  SignatureScheme,
  Subscription,
  SubscriptionLimits,
  SubscriptionSecret,
} from './subscription.js';

/** A signing secret as it may be shown. */
export interface SecretView {
  readonly id: string;
  /** `whsec_****` and the last four characters, or `whsk_****`. */
  readonly masked: string;
  /** `whpk_…` of a private key, for the receiver to verify `v1a` with; null for a shared secret. */
  readonly public_key: string | null;
  /** ISO 8601. */
  readonly created_at: string;
  /** ISO 8601; null: it stays. */
  readonly not_after: string | null;
}

/** A subscription as it may be shown: plain JSON without secrets. */
export interface SubscriptionView {
  readonly id: string;
  readonly tenant: string;
  readonly uid: string | null;
  readonly state: SubscriptionState;
  /** Why it is in this state; null for `enabled`. */
  readonly state_reason: string | null;
  /** Canonical names and wildcards. */
  readonly event_types: readonly string[];
  /** Secret header values, and tokens in the query of the URL, are `********`. */
  readonly http_request: HttpRequest;
  /** Names of what `{{ secrets.NAME }}` reads, each with `********`. */
  readonly template_secrets: Readonly<Record<string, string>>;
  /** How requests log in; its secret is `********`. */
  readonly authentication: Authentication | null;
  readonly signatures: readonly SignatureScheme[];
  /** Paths that limit the standard body's `data`; null: every field. */
  readonly fields: readonly string[] | null;
  /** Null lets every event pass. */
  readonly filter: ContentFilter | null;
  /** `subject`: one event of a subject after the other; null: as they come. */
  readonly ordering: 'subject' | null;
  readonly secrets: readonly SecretView[];
  readonly description: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly limits: SubscriptionLimits;
  /** Why nothing can be sent although it is stored: a key is missing, a value is damaged. Usually null. */
  readonly problem: { readonly code: string; readonly message: string } | null;
  /** Grows with every change. */
  readonly version: number;
  /** ISO 8601. */
  readonly created_at: string;
  /** ISO 8601. */
  readonly updated_at: string;
}

/** A subscription at its creation or rotation: the only moment at which the signing secret is told. */
export interface CreatedSubscription extends SubscriptionView {
  /** `whsec_…` in clear. */
  readonly secret: string;
}

const SHOWN = 4;

/** What may be shown of a subscription. */
export function viewOf(subscription: Subscription): SubscriptionView {
  const { problem } = subscription;
  return {
    id: subscription.id,
    tenant: subscription.tenant,
    uid: subscription.uid,
    state: subscription.state,
    state_reason: subscription.stateReason,
    event_types: subscription.eventTypes,
    http_request: maskedRequest(subscription.httpRequest),
    template_secrets: maskedSecrets(subscription.templateSecrets),
    authentication: subscription.authentication && maskedAuthentication(subscription.authentication),
    signatures: subscription.signatures,
    fields: subscription.fields,
    filter: subscription.filter,
    ordering: subscription.ordering,
    secrets: subscription.secrets.map(secretView),
    description: subscription.description,
    metadata: subscription.metadata,
    limits: subscription.limits,
    problem: problem && { code: problem.code, message: problem.message },
    version: subscription.version,
    created_at: isoTime(subscription.createdAt),
    updated_at: isoTime(subscription.updatedAt),
  };
}

function secretView({ id, secret, createdAt, notAfter }: SubscriptionSecret): SecretView {
  const isPrivate = isPrivateKey(secret);
  return {
    id,
    masked: isPrivate ? 'whsk_****' : `whsec_****${secret.replace(/=+$/, '').slice(-SHOWN)}`,
    public_key: isPrivate ? publicKeyOf(secret) : null,
    created_at: isoTime(createdAt),
    not_after: notAfter === null ? null : isoTime(notAfter),
  };
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
