import { SubscriptionUnreadableError } from '../errors/subscription-unreadable-error.js';
import { WebhooksError } from '../errors/webhooks-error.js';
import type { EventType } from '../catalog/event-type.js';
import type { SecretValues } from '../templates/rendering.js';
import type { ContentFilter } from './content/content-filter.js';
import { parseFilter } from './content/parse-filter.js';
import { parseProjection } from './content/parse-projection.js';
import type { Authentication } from './authentication.js';
import { canonicalName, type EventTypeNames } from './event-type-patterns.js';
import { InputIssues } from './input-issues.js';
import type { KeyRing } from './key-ring.js';
import { isWildcard } from './matching.js';
import type { SubscriptionRecord } from './subscription-record.js';
import { maskedUrl } from './secret-url.js';
import type { SecretHolder } from './template-secrets.js';
import {
  Subscription,
  type HttpRequest,
  type SubscriptionLimits,
  type SubscriptionContext,
  type SubscriptionProps,
  type SignatureScheme,
  type SubscriptionSecret,
} from './subscription.js';

/** The columns of a row that hold secrets. */
export type SealedColumns = Pick<
  SubscriptionRecord,
  'httpRequest' | 'templateSecrets' | 'authentication' | 'secrets'
>;

/** What those columns hold, in clear. */
export interface Sealable extends SecretHolder {
  readonly id: string;
  readonly secrets: readonly SubscriptionSecret[];
}

interface StoredSecret {
  readonly id: string;
  readonly secret: string;
  readonly created_at: number;
  readonly not_after: number | null;
}

const TABLE = 'subscriptions';
const HEADER = 'header';
const URL_PURPOSE = 'url';
const AUTHENTICATION = 'authentication';
/** Before each name: a subscriber chooses it, and it must not be the purpose of another value. */
const TEMPLATE_SECRET = 'template_secrets.';

/** Between rows and subscriptions: encrypts on the way in, decrypts on the way out. */
export class SubscriptionCodec {
  constructor(
    private readonly keyRing: KeyRing,
    private readonly catalog: EventTypeNames<EventType>,
    private readonly misfits: SubscriptionContext['misfits'] = () => undefined,
  ) {}

  /** Encrypts all header values as one text, a URL that holds a token, and each secret. */
  seal({ id, httpRequest, templateSecrets, authentication, secrets }: Sealable): SealedColumns {
    const stored = secrets.map((each): StoredSecret => ({
      id: each.id,
      secret: this.encrypt(id, each.id, each.secret),
      created_at: each.createdAt,
      not_after: each.notAfter,
    }));
    return {
      httpRequest: JSON.stringify(this.sealRequest(id, httpRequest)),
      templateSecrets: JSON.stringify(
        mapped(templateSecrets, (text, name) => this.encrypt(id, TEMPLATE_SECRET + name, text)),
      ),
      authentication: authentication && this.encrypt(id, AUTHENTICATION, JSON.stringify(authentication)),
      secrets: JSON.stringify(stored),
    };
  }

  /** Whether every secret of a row is encrypted with the current key. */
  isCurrent({ httpRequest, templateSecrets, authentication, secrets }: SealedColumns): boolean {
    const { header, sealed_url } = JSON.parse(httpRequest) as Record<string, unknown>;
    const stored = [header, sealed_url, authentication];
    stored.push(...Object.values(JSON.parse(templateSecrets) as SecretValues));
    stored.push(...(JSON.parse(secrets) as readonly StoredSecret[]).map(({ secret }) => secret));
    const texts = stored.filter((text) => typeof text === 'string');
    return texts.every((text) => this.keyRing.isCurrent(text));
  }

  private sealRequest(id: string, { header, ...rest }: HttpRequest): HttpRequest {
    const url = rest.url as string;
    const shown = maskedUrl(url);
    return {
      ...rest,
      ...(shown !== url && { url: shown, sealed_url: this.encrypt(id, URL_PURPOSE, url) }),
      ...(header !== undefined && { header: this.encrypt(id, HEADER, JSON.stringify(header)) }),
    };
  }

  /** Never throws: what cannot be read is left empty and becomes the subscription's problem. */
  open(record: SubscriptionRecord): Subscription {
    const columns = new Columns(record);
    const eventTypes = columns
      .json<readonly string[]>('eventTypes', [])
      .map((pattern) => canonicalName(pattern, this.catalog));
    const aliased = eventTypes.filter(isWildcard).flatMap((pattern) => this.catalog.matching(pattern));
    const props: SubscriptionProps = {
      ...record,
      eventTypes,
      aliased: aliased.map(({ name }) => name),
      httpRequest: this.openRequest(columns),
      templateSecrets: this.openTemplateSecrets(columns),
      authentication: this.openAuthentication(columns),
      signatures: columns.json<readonly SignatureScheme[]>('signatures', []),
      fields: columns.optional('fields', parseProjection),
      filter: columns.optional<ContentFilter>('filter', parseFilter),
      secrets: this.openSecrets(columns),
      metadata: columns.json<Record<string, string>>('metadata', {}),
      limits: columns.json<SubscriptionLimits>('limits', {}),
      problem: columns.problem,
    };
    return new Subscription(props, { find: (name) => this.catalog.find(name), misfits: this.misfits });
  }

  private openRequest(columns: Columns): HttpRequest {
    const { header, sealed_url, ...rest } = columns.json<Record<string, unknown>>('httpRequest', {});
    const { id } = columns.record;
    const opened = columns.read('httpRequest', {}, () => ({
      ...(sealed_url !== undefined && { url: this.decrypt(id, URL_PURPOSE, sealed_url as string) }),
      ...(header !== undefined && {
        header: JSON.parse(this.decrypt(id, HEADER, header as string)) as unknown,
      }),
    }));
    return { ...rest, ...opened };
  }

  private openAuthentication(columns: Columns): Authentication | null {
    const { id, authentication } = columns.record;
    if (authentication === null) return null;
    return columns.read('authentication', null, () => {
      return JSON.parse(this.decrypt(id, AUTHENTICATION, authentication)) as Authentication;
    });
  }

  private openTemplateSecrets(columns: Columns): SecretValues {
    const stored = columns.json<SecretValues>('templateSecrets', {});
    const { id } = columns.record;
    return columns.read('templateSecrets', {}, () =>
      mapped(stored, (text, name) => this.decrypt(id, TEMPLATE_SECRET + name, text)),
    );
  }

  private openSecrets(columns: Columns): SubscriptionSecret[] {
    const stored = columns.json<readonly StoredSecret[]>('secrets', []);
    return columns.read('secrets', [], () =>
      stored.map(({ id, secret, created_at, not_after }) => ({
        id,
        secret: this.decrypt(columns.record.id, id, secret),
        createdAt: created_at,
        notAfter: not_after,
      })),
    );
  }

  private encrypt(row: string, purpose: string, text: string): string {
    return this.keyRing.encrypt(text, { table: TABLE, row, purpose });
  }

  private decrypt(row: string, purpose: string, text: string): string {
    return this.keyRing.decrypt(text, { table: TABLE, row, purpose });
  }
}

type OptionalColumn = 'authentication' | 'fields' | 'filter';
type JsonColumn =
  'eventTypes' | 'httpRequest' | 'templateSecrets' | 'signatures' | 'secrets' | 'metadata' | 'limits';

function mapped(values: SecretValues, change: (value: string, name: string) => string): SecretValues {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value, name)]));
}

/** Reads columns one by one and keeps the first problem. */
class Columns {
  problem: WebhooksError | null = null;

  constructor(readonly record: SubscriptionRecord) {}

  json<T extends object>(column: JsonColumn, fallback: T): T {
    return this.read(column, fallback, () => {
      const value = JSON.parse(this.record[column]) as T | null;
      if (Array.isArray(value) !== Array.isArray(fallback) || typeof value !== 'object' || value === null) {
        throw new SubscriptionUnreadableError(this.record.id, column);
      }
      return value;
    });
  }

  // Nothing in the place of a filter would let every event pass: only the absence of a text means that there is none.
  optional<T>(
    column: 'fields' | 'filter',
    parse: (value: unknown, issues: InputIssues) => T | null,
  ): T | null {
    const text = this.record[column];
    if (text === null) return null;
    return this.read(column, null, () => {
      const issues = new InputIssues();
      const value = parse(JSON.parse(text), issues);
      if (value === null || !issues.isEmpty) throw new SubscriptionUnreadableError(this.record.id, column);
      return value;
    });
  }

  read<T>(column: JsonColumn | OptionalColumn, fallback: T, read: () => T): T {
    try {
      return read();
    } catch (error) {
      const known = error instanceof WebhooksError;
      this.problem ??= known ? error : new SubscriptionUnreadableError(this.record.id, column);
      return fallback;
    }
  }
}
