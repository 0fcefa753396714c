import { SubscriptionUnreadableError } from '../errors/subscription-unreadable-error.js';
import { WebhooksError } from '../errors/webhooks-error.js';
import type { EventType } from '../catalog/event-type.js';
import type { SecretValues } from '../templates/rendering.js';
import type { ContentFilter } from './content/content-filter.js';
import { parseFilter } from './content/parse-filter.js';
import { parseProjection } from './content/parse-projection.js';
import { canonicalName, type EventTypeNames } from './event-type-patterns.js';
import { InputIssues } from './input-issues.js';
import type { KeyRing } from './key-ring.js';
import { isWildcard } from './matching.js';
import type { SubscriptionRecord } from './subscription-record.js';
import type { SecretHolder } from './template-secrets.js';
import {
  Subscription,
  type HttpRequest,
  type SubscriptionLimits,
  type SubscriptionContext,
  type SubscriptionProps,
  type SubscriptionSecret,
} from './subscription.js';

/** The columns of a row that hold secrets. */
export type SealedColumns = Pick<SubscriptionRecord, 'httpRequest' | 'templateSecrets' | 'secrets'>;

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
/** Before each name: a subscriber chooses it, and it must not be the purpose of another value. */
const TEMPLATE_SECRET = 'template_secrets.';

/** Between rows and subscriptions: encrypts on the way in, decrypts on the way out. */
export class SubscriptionCodec {
  constructor(
    private readonly keyRing: KeyRing,
    private readonly catalog: EventTypeNames<EventType>,
    private readonly misfits: SubscriptionContext['misfits'] = () => undefined,
  ) {}

  /** Encrypts all header values as one text, and each secret. */
  seal({ id, httpRequest, templateSecrets, secrets }: Sealable): SealedColumns {
    const { header, ...rest } = httpRequest;
    const sealed = header === undefined ? {} : { header: this.encrypt(id, HEADER, JSON.stringify(header)) };
    const stored = secrets.map((each): StoredSecret => ({
      id: each.id,
      secret: this.encrypt(id, each.id, each.secret),
      created_at: each.createdAt,
      not_after: each.notAfter,
    }));
    return {
      httpRequest: JSON.stringify({ ...rest, ...sealed }),
      templateSecrets: JSON.stringify(
        mapped(templateSecrets, (text, name) => this.encrypt(id, TEMPLATE_SECRET + name, text)),
      ),
      secrets: JSON.stringify(stored),
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
    const { header, ...rest } = columns.json<Record<string, unknown>>('httpRequest', {});
    if (header === undefined) return rest;
    const opened = columns.read('httpRequest', undefined, () =>
      JSON.parse(this.decrypt(columns.record.id, HEADER, header as string)),
    );
    return opened === undefined ? rest : { ...rest, header: opened };
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

type OptionalColumn = 'fields' | 'filter';
type JsonColumn = 'eventTypes' | 'httpRequest' | 'templateSecrets' | 'secrets' | 'metadata' | 'limits';

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
  optional<T>(column: OptionalColumn, parse: (value: unknown, issues: InputIssues) => T | null): T | null {
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
