import type { DispatchSettings } from './dispatch/dispatch-settings.js';
import type { EntityManager } from 'typeorm';
import { OptionsInvalidError } from './errors/options-invalid-error.js';
import type { RetentionOptions } from './history/retention-options.js';
import { retentionSettings, type RetentionSettings } from './history/retention-settings.js';
import type { EgressOptions } from './transport/egress-options.js';

export type { RetentionOptions } from './history/retention-options.js';
export type { EgressOptions, EgressProxyOptions } from './transport/egress-options.js';

/** Keys for secrets at rest: each 32 random bytes in base64 (`openssl rand -base64 32`). */
export interface SecretKeys {
  /** Encrypts everything written from now on. */
  readonly current: string;
  /** Still decrypt what was written under them. @default [] */
  readonly previous?: readonly string[];
}

/** How deliveries are made. All times in milliseconds. */
export interface DeliveryOptions {
  /** Total time of one attempt: DNS, connect, TLS, headers and body. @default 15000 */
  readonly timeout?: number;
  /** How long this process keeps a delivery to itself; longer than `timeout` by at least 5000. @default 60000 */
  readonly lease?: number;
  /** Attempts under way at once in this process; those that last longer than a second are counted apart. @default 64 */
  readonly concurrency?: number;
  /** Attempts under way at once for one tenant, counted in the same way. @default as many as `concurrency` */
  readonly concurrencyPerTenant?: number;
  /** Attempts under way at once to one subscription. @default 8 */
  readonly concurrencyPerSubscription?: number;
  /** Deliveries held in memory at once. @default 2000 */
  readonly window?: number;
  /** Characters of JSON of the events held in memory at once. @default 67108864 */
  readonly windowBytes?: number;
  /**
   * Waits between attempts, each with ±20 % jitter; after the last one a delivery is exhausted.
   * @default 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h (the recommendation of Standard Webhooks)
   */
  readonly retrySchedule?: readonly number[];
  /** Longest sleep between two looks for what was left behind. @default 5000 */
  readonly sweepInterval?: number;
  /** How long a shutdown waits for attempts under way. @default 20000 */
  readonly drainTimeout?: number;
}

/** When a subscription that fails is left alone. All times in milliseconds. */
export interface HealthOptions {
  /** Failures in a row after which nothing is sent to a subscription for a while. @default 10 */
  readonly failureThreshold?: number;
  /** For how long, the first time; doubles each time. @default 60000 */
  readonly openFor?: number;
  /** For how long at most. @default 3600000 */
  readonly openForMax?: number;
  /** A subscription that does nothing but fail for so long is disabled. @default 5 days */
  readonly disableAfter?: number;
}

/** Bounds on what strangers may make. */
export interface LimitOptions {
  /** Subscriptions of one tenant, in whatever state. @default 50 */
  readonly subscriptionsPerTenant?: number;
  /** Previews of one tenant in a minute, in each process: they cost nothing but its time. @default 60 */
  readonly previewsPerMinute?: number;
  /** Test sends of one tenant in a minute, also those sent again, over all processes. @default 10 */
  readonly testsPerMinute?: number;
  /** Recoveries and replays of one tenant that are under way at once, over all processes. @default 5 */
  readonly jobsPerTenant?: number;
}

/** Values, which may come from an async factory. */
export interface WebhooksOptions {
  /**
   * Encryption of secrets at rest. Required with a `dataSource`; `'plaintext'` switches it off.
   * @default a key file made beside the embedded database
   */
  readonly secrets?: SecretKeys | 'plaintext';
  /** The manager of the transaction the caller is in, for hosts that keep it in a context (nestjs-cls, typeorm-transactional). @default none */
  readonly currentManager?: () => EntityManager | undefined;
  readonly delivery?: DeliveryOptions;
  readonly health?: HealthOptions;
  readonly egress?: EgressOptions;
  readonly limits?: LimitOptions;
  readonly retention?: RetentionOptions;
  /** Value of the `user-agent` header. @default 'nestjs-webhooks' */
  readonly userAgent?: string;
}

/** Structure, which is fixed before anything is created: never from an async factory. */
export interface WebhooksStructure {
  /** Name of the host's TypeORM data source (`'default'` for the unnamed one). @default an embedded SQLite file */
  readonly dataSource?: string;
  /** File of the embedded database. @default './webhooks.sqlite' */
  readonly database?: string;
  /** PostgreSQL schema of the tables. @default the connection's search path */
  readonly schema?: string;
  /** Prefix of tables and indexes. @default 'webhooks_' */
  readonly tablePrefix?: string;
  /**
   * Whether PostgreSQL keeps the most frequent statements prepared on each connection, which makes publishing in a transaction several
   * times cheaper for it. A pooler in transaction mode has to support that (PgBouncer 1.21 with `max_prepared_statements`).
   * @default true, but false when a pooler stands between, which is found out at boot
   */
  readonly preparedStatements?: boolean;
  /**
   * Where `GET <path>/<subscription id>` answers with the public keys of `v1a` signatures: `'webhooks/keys'`.
   * @default nowhere
   */
  readonly publicKeysPath?: string;
  /** Whether this process sends. With false it only publishes and manages. @default true */
  readonly dispatch?: boolean;
}

/** Everything `WebhooksModule.forRoot()` takes. */
export interface WebhooksModuleOptions extends WebhooksOptions, WebhooksStructure {}

/** The values with every default filled in. */
export interface WebhooksSettings {
  readonly delivery: Required<DeliveryOptions>;
  readonly health: Required<HealthOptions>;
  readonly limits: Required<LimitOptions>;
  readonly egress: EgressOptions;
  readonly retention: RetentionSettings;
  readonly userAgent: string;
  readonly currentManager: (() => EntityManager | undefined) | undefined;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Head room of a lease over the deadline of an attempt. */
const LEASE_MARGIN_MS = 5 * SECOND;

const DELIVERY: Required<DeliveryOptions> = {
  timeout: 15 * SECOND,
  lease: 60 * SECOND,
  concurrency: 64,
  concurrencyPerTenant: 64,
  concurrencyPerSubscription: 8,
  window: 2_000,
  windowBytes: 64 * 1024 * 1024,
  retrySchedule: [
    5 * SECOND,
    5 * MINUTE,
    30 * MINUTE,
    2 * HOUR,
    5 * HOUR,
    10 * HOUR,
    14 * HOUR,
    20 * HOUR,
    24 * HOUR,
  ],
  sweepInterval: 5 * SECOND,
  drainTimeout: 20 * SECOND,
};

/** The token under which the bounds are provided. */
export const WEBHOOKS_LIMITS = Symbol('WEBHOOKS_LIMITS');

/** The bounds unless the options say otherwise. */
export const DEFAULT_LIMITS: Required<LimitOptions> = {
  subscriptionsPerTenant: 50,
  previewsPerMinute: 60,
  testsPerMinute: 10,
  jobsPerTenant: 5,
};

const HEALTH: Required<HealthOptions> = {
  failureThreshold: 10,
  openFor: MINUTE,
  openForMax: HOUR,
  disableAfter: 5 * 24 * HOUR,
};

/** The whole life of a delivery, whatever its schedule and its receiver say. */
const DELIVERY_LIFE_MS = 5 * 24 * HOUR;

const STRUCTURE_KEYS =
  'dataSource database schema tablePrefix preparedStatements publicKeysPath dispatch'.split(' ');

function requirePositive(name: string, value: number): void {
  if (Number.isFinite(value) && value > 0) return;
  throw new OptionsInvalidError(name, `is ${String(value)}; it must be a number above 0`);
}

function checkPositive(group: string, numbers: object): void {
  for (const [name, value] of Object.entries(numbers)) requirePositive(`${group}.${name}`, value as number);
}

function checkLimits(limits: Required<LimitOptions>): void {
  for (const [name, value] of Object.entries(limits) as [string, number][]) {
    if (Number.isSafeInteger(value) && value > 0) continue;
    throw new OptionsInvalidError(`limits.${name}`, `is ${String(value)}; it must be a whole number above 0`);
  }
}

function checkDelivery(delivery: Required<DeliveryOptions>): void {
  const { retrySchedule, ...numbers } = delivery;
  checkPositive('delivery', numbers);
  retrySchedule.forEach((wait, index) => requirePositive(`delivery.retrySchedule[${index}]`, wait));
  if (delivery.lease < delivery.timeout + LEASE_MARGIN_MS) {
    throw new OptionsInvalidError(
      'delivery.lease',
      `is ${delivery.lease} ms; it must be at least delivery.timeout (${delivery.timeout}) + ${LEASE_MARGIN_MS}, ` +
        `or a second process would send what the first is still sending`,
    );
  }
}

/** Fills the defaults and refuses what cannot work. */
export function settingsOf(options: WebhooksOptions): WebhooksSettings {
  const inert = STRUCTURE_KEYS.find((key) => key in options);
  if (inert !== undefined) {
    throw new OptionsInvalidError(
      inert,
      'must stand beside useFactory: structure is fixed before a factory runs',
    );
  }
  const { concurrency = DELIVERY.concurrency } = options.delivery ?? {};
  const delivery = { ...DELIVERY, concurrencyPerTenant: concurrency, ...options.delivery };
  const health = { ...HEALTH, ...options.health };
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  checkPositive('health', health);
  checkLimits(limits);
  checkDelivery(delivery);
  return {
    delivery,
    health,
    limits,
    // The guard refuses what cannot work in it.
    egress: options.egress ?? {},
    retention: retentionSettings(options.retention ?? {}),
    userAgent: options.userAgent ?? 'nestjs-webhooks',
    currentManager: options.currentManager,
  };
}

/** What the dispatcher works by. */
export function dispatchSettings(
  { delivery, health }: WebhooksSettings,
  { dispatch = true }: WebhooksStructure,
): DispatchSettings {
  return { ...delivery, leaseMargin: LEASE_MARGIN_MS, life: DELIVERY_LIFE_MS, enabled: dispatch, health };
}
