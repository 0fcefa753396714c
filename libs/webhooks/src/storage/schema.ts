import type { Sql } from './sql.js';

/** Version of the tables that this release works with. */
export const SCHEMA_VERSION = 1;

/** The open deliveries. SQLite takes an index on them only for a condition of the very same text. */
export const OPEN = `state IN ('pending', 'held', 'waiting')`;

/** The deliveries that a recovery opens again. */
export const RECOVERABLE = `state IN ('failed', 'exhausted', 'held')`;

const TABLES = [
  'jobs',
  'schedules',
  'stops',
  'rates',
  'health',
  'attempts',
  'deliveries',
  'sequences',
  'idempotency_keys',
  'events',
  'subscription_changes',
  'subscriptions',
  'meta',
];

function events(sql: Sql): string[] {
  const withoutRowId = sql.dialect === 'sqlite' ? ' WITHOUT ROWID' : '';
  const position = sql.dialect === 'postgres' ? 'bigint GENERATED ALWAYS AS IDENTITY' : 'INTEGER';
  // A cursor that must not skip reads below the oldest running transaction: ids and positions are handed out before the commit.
  const transaction = sql.dialect === 'postgres' ? 'tx xid8 NOT NULL DEFAULT pg_current_xact_id(),' : '';
  const inOrder = sql.dialect === 'postgres' ? 'tx, position' : 'position';
  return [
    `CREATE TABLE ${sql.table('events')} (
      position ${position}, ${transaction}
      id text NOT NULL UNIQUE, tenant text NOT NULL, type text NOT NULL, subject text, sequence bigint,
      data text NOT NULL, catalog_version bigint NOT NULL,
      occurred_at bigint NOT NULL, created_at bigint NOT NULL,
      due_at bigint, fence bigint NOT NULL, test bigint, trace text, expunged_at bigint, PRIMARY KEY (${inOrder}))`,
    `CREATE INDEX ${sql.index('events_subject')} ON ${sql.table('events')} (subject, id) WHERE subject IS NOT NULL`,
    `CREATE INDEX ${sql.index('events_expunged')} ON ${sql.table('events')} (expunged_at) WHERE expunged_at IS NOT NULL`,
    `CREATE INDEX ${sql.index('events_due')} ON ${sql.table('events')} (due_at, id) WHERE due_at IS NOT NULL`,
    `CREATE INDEX ${sql.index('events_order')} ON ${sql.table('events')} (tenant, subject, sequence)
      WHERE subject IS NOT NULL AND due_at IS NOT NULL`,
    `CREATE TABLE ${sql.table('idempotency_keys')} (
      tenant text NOT NULL, key text NOT NULL, event_id text NOT NULL, hash text NOT NULL, PRIMARY KEY (tenant, key))`,
    `CREATE INDEX ${sql.index('idempotency_keys_event')} ON ${sql.table('idempotency_keys')} (event_id)`,
    // The subject first: new ones are often numbered, and so come to lie side by side, whosever they are.
    `CREATE TABLE ${sql.table('sequences')} (
      tenant text NOT NULL, subject text NOT NULL, last bigint NOT NULL, PRIMARY KEY (subject, tenant))${withoutRowId}`,
  ];
}

function subscriptions(sql: Sql): string[] {
  return [
    `CREATE TABLE ${sql.table('subscriptions')} (
      id text NOT NULL PRIMARY KEY, tenant text NOT NULL, uid text, state text NOT NULL, state_reason text,
      event_types text NOT NULL, http_request text NOT NULL, template_secrets text NOT NULL,
      authentication text, signatures text NOT NULL, fields text, filter text, ordering text, secrets text NOT NULL,
      description text, metadata text NOT NULL, limits text NOT NULL,
      version bigint NOT NULL, created_at bigint NOT NULL, updated_at bigint NOT NULL)`,
    `CREATE UNIQUE INDEX ${sql.index('subscriptions_uid')} ON ${sql.table('subscriptions')} (tenant, uid)`,
    `CREATE INDEX ${sql.index('subscriptions_list')} ON ${sql.table('subscriptions')} (tenant, id)`,
  ];
}

// Every version of a subscription has its row: that it is the only one proves that writers take turns.
function subscriptionChanges(sql: Sql): string[] {
  const withoutRowId = sql.dialect === 'sqlite' ? ' WITHOUT ROWID' : '';
  return [
    `CREATE TABLE ${sql.table('subscription_changes')} (
      subscription_id text NOT NULL, version bigint NOT NULL, tenant text NOT NULL, at bigint NOT NULL,
      actor text, action text NOT NULL, reason text, what text NOT NULL, PRIMARY KEY (subscription_id, version))${withoutRowId}`,
  ];
}

function deliveries(sql: Sql): string[] {
  const id = sql.dialect === 'postgres' ? 'bigint GENERATED ALWAYS AS IDENTITY' : 'INTEGER';
  return [
    // The subscription first: so its deliveries lie in the order of their events. Those of an event are found by their ids.
    `CREATE TABLE ${sql.table('deliveries')} (
      id text NOT NULL PRIMARY KEY, event_id text NOT NULL, subscription_id text NOT NULL, tenant text NOT NULL,
      state text NOT NULL, held_by text, priority bigint NOT NULL, attempts bigint NOT NULL, step bigint NOT NULL,
      last_status bigint, last_error text, body text, subject text, sequence bigint,
      created_at bigint NOT NULL, updated_at bigint NOT NULL, expires_at bigint NOT NULL, due_at bigint, fence bigint NOT NULL,
      test bigint, job text, UNIQUE (subscription_id, event_id))`,
    `CREATE INDEX ${sql.index('deliveries_due')} ON ${sql.table('deliveries')} (priority, due_at, id)
      WHERE due_at IS NOT NULL`,
    `CREATE INDEX ${sql.index('deliveries_open')} ON ${sql.table('deliveries')} (subscription_id, state, id)
      WHERE ${OPEN}`,
    `CREATE INDEX ${sql.index('deliveries_order')} ON ${sql.table('deliveries')} (subject, subscription_id, sequence)
      WHERE subject IS NOT NULL AND ${OPEN}`,
    // Neither has a row for a delivery that succeeds by itself.
    `CREATE INDEX ${sql.index('deliveries_recoverable')} ON ${sql.table('deliveries')} (subscription_id, id)
      WHERE ${RECOVERABLE}`,
    `CREATE INDEX ${sql.index('deliveries_job')} ON ${sql.table('deliveries')} (job) WHERE job IS NOT NULL`,
    `CREATE TABLE ${sql.table('attempts')} (
      id ${id} PRIMARY KEY, delivery_id text NOT NULL, number bigint NOT NULL,
      started_at bigint NOT NULL, duration_ms bigint NOT NULL, status bigint, error text, detail text,
      request text NOT NULL, response_headers text, response_body text)`,
    `CREATE INDEX ${sql.index('attempts_delivery')} ON ${sql.table('attempts')} (delivery_id, number)`,
  ];
}

function control(sql: Sql): string[] {
  return [
    `CREATE TABLE ${sql.table('health')} (
      subscription_id text NOT NULL PRIMARY KEY, version bigint NOT NULL, failures bigint NOT NULL, failing_since bigint, open_until bigint,
      opens bigint NOT NULL, noticed bigint NOT NULL)`,
    `CREATE TABLE ${sql.table('rates')} (
      account text NOT NULL PRIMARY KEY, version bigint NOT NULL, grants text NOT NULL)`,
    `CREATE TABLE ${sql.table('stops')} (scope text NOT NULL PRIMARY KEY, created_at bigint NOT NULL)`,
  ];
}

// What is due is looked for kind by kind: a process passes over what only others can do, however much of it there is.
function schedules(sql: Sql): string[] {
  return [
    `CREATE TABLE ${sql.table('schedules')} (
      type text NOT NULL, key text NOT NULL, tenant text, subject text, data text, state text NOT NULL, scheduled_at bigint NOT NULL,
      attempts bigint NOT NULL, last_error text, event_id text, due_at bigint, fence bigint NOT NULL,
      created_at bigint NOT NULL, updated_at bigint NOT NULL, PRIMARY KEY (type, key))`,
    `CREATE INDEX ${sql.index('schedules_due')} ON ${sql.table('schedules')} (type, due_at, key)
      WHERE due_at IS NOT NULL`,
    `CREATE INDEX ${sql.index('schedules_failed')} ON ${sql.table('schedules')} (state, type, key) WHERE state = 'failed'`,
    `CREATE INDEX ${sql.index('schedules_subject')} ON ${sql.table('schedules')} (coalesce(subject, key))`,
  ];
}

// One that is under way has a due time: a lease while a process works on it. `cursor` and `horizon` bound what it looks at.
function jobs(sql: Sql): string[] {
  return [
    `CREATE TABLE ${sql.table('jobs')} (
      id text NOT NULL PRIMARY KEY, kind text NOT NULL, subscription_id text NOT NULL, tenant text NOT NULL, state text NOT NULL,
      since_at bigint NOT NULL, until_at bigint NOT NULL, event_types text, dry_run bigint NOT NULL,
      cursor text, horizon text, reached_at bigint, complete bigint NOT NULL,
      matched bigint NOT NULL, succeeded bigint NOT NULL, failed bigint NOT NULL, canceled bigint NOT NULL, error text,
      created_at bigint NOT NULL, started_at bigint, progressed_at bigint NOT NULL, finished_at bigint,
      due_at bigint, fence bigint NOT NULL)`,
    `CREATE INDEX ${sql.index('jobs_due')} ON ${sql.table('jobs')} (kind, due_at, id) WHERE due_at IS NOT NULL`,
    `CREATE INDEX ${sql.index('jobs_tenant')} ON ${sql.table('jobs')} (tenant, id)`,
    `CREATE INDEX ${sql.index('jobs_subscription')} ON ${sql.table('jobs')} (subscription_id, id)`,
  ];
}

/** The statements that create the tables, in order. */
export function createTables(sql: Sql): string[] {
  return [
    `CREATE TABLE ${sql.table('meta')} (name text NOT NULL PRIMARY KEY, value bigint NOT NULL)`,
    `INSERT INTO ${sql.table('meta')} (name, value) VALUES ('schema', ${SCHEMA_VERSION}), ('subscriptions', 1)`,
    ...subscriptions(sql),
    ...subscriptionChanges(sql),
    ...events(sql),
    ...deliveries(sql),
    ...control(sql),
    ...schedules(sql),
    ...jobs(sql),
  ];
}

/** The statements that remove the tables again, in order. */
export function dropTables(sql: Sql): string[] {
  return TABLES.map((name) => `DROP TABLE ${sql.table(name)}`);
}
