import type { SecretValues } from '../templates/rendering.js';
import type { Authentication } from './authentication.js';
import type { SignatureScheme } from './signing-keys.js';
import type { SubscriptionState } from './subscription-record.js';
import type { ContentFilter } from './content/content-filter.js';
import type { HttpRequest, SubscriptionLimits } from './subscription.js';

interface SubscriptionFields {
  /** The caller's own key, unique within the tenant. */
  readonly uid?: string | null;
  /** Names, aliases and wildcards (`Order*`, `*`). @default ['*'] */
  readonly event_types?: readonly string[] | string;
  /** The request, in the form of AirGateway: `{ method?, url, header?, json_body? }`. Either this, or `url`. */
  readonly http_request?: HttpRequest;
  /** Where to: short for an `http_request` whose body is the whole event. */
  readonly url?: string;
  /** Beside `url`. @default 'POST' */
  readonly method?: string;
  /**
   * Values for `{{ secrets.NAME }}` in the request: at most 20, each of at most 4 kB. They are stored encrypted and shown as
   * `********`, never in clear.
   */
  readonly template_secrets?: Readonly<Record<string, string | null>> | null;
  /** How requests log in to the receiver. Stored encrypted, shown with `********`. @default not at all */
  readonly authentication?: Authentication | null;
  /** `v1`: the shared secret signs; `v1a`: a private key does, whose public key everybody may know. @default ['v1'] */
  readonly signatures?: readonly SignatureScheme[] | null;
  /**
   * Paths of the event's fields, as `['pnr', 'segments.origin']`: the standard body's `data` holds these and the
   * envelope fields only. Not beside a body of the request's own.
   */
  readonly fields?: readonly string[] | null;
  /** Which events, by their content. An event that does not pass gets no delivery. */
  readonly filter?: ContentFilter | null;
  /** `subject`: one event of a subject after the other, in its sequence. @default as they come */
  readonly ordering?: 'subject' | null;
  readonly description?: string | null;
  /** At most 50 keys and 8 kB. */
  readonly metadata?: Readonly<Record<string, string | null>> | null;
  readonly limits?: { readonly [Name in keyof SubscriptionLimits]?: SubscriptionLimits[Name] | null } | null;
}

/** What a subscription is made from. */
export interface SubscriptionInput extends SubscriptionFields {
  /** @default 'default', for applications without tenants */
  readonly tenant?: string;
  /** Beside `url`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** A signing secret of your own, `whsec_…`. @default a new one */
  readonly secret?: string;
  /** @default 'enabled' */
  readonly state?: SubscriptionState;
}

/**
 * A JSON merge-patch (RFC 7396): what is left out stays, null removes. `http_request`, `fields` and `filter` are each
 * replaced as a whole. `********` in a header, in the query of the URL, in `template_secrets` or in `authentication` keeps
 * the stored value, and no stored value is kept when the target's origin changes. What a view shows beside these members may be sent back unchanged; a `version`
 * guards against changes made meanwhile.
 */
export interface SubscriptionPatch extends SubscriptionFields {
  /** Added to those there are; null removes one. */
  readonly headers?: Readonly<Record<string, string | null>>;
  /** The version this patch was made for. */
  readonly version?: number;
}

/** A checked input, defaults filled in. */
export interface SubscriptionDraft {
  readonly tenant: string;
  readonly uid: string | null;
  readonly state: SubscriptionState;
  /** As given: aliases are not resolved yet. */
  readonly eventTypes: readonly string[];
  /** Its form is not judged yet, and it may hold masks. */
  readonly httpRequest: HttpRequest;
  /** In good form, and some may be masks. */
  readonly templateSecrets: SecretValues;
  /** In good form; its secret may be a mask. */
  readonly authentication: Authentication | null;
  readonly signatures: readonly SignatureScheme[];
  /** In good form; whether the event types have them is not judged yet. */
  readonly fields: readonly string[] | null;
  /** The same. */
  readonly filter: ContentFilter | null;
  readonly ordering: 'subject' | null;
  readonly secret: string | null;
  readonly description: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly limits: SubscriptionLimits;
}
