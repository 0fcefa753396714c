import type {
  NewSubscriptionRecord,
  StateChange,
  SubscriptionRecord,
  SubscriptionState,
} from '../subscriptions/subscription-record.js';
import type { Statement } from './database.js';
import { OPEN } from './schema.js';
import type { Sql } from './sql.js';

/** What its owner decides. */
const CONTENT = [
  ...[
    'uid',
    'event_types',
    'http_request',
    'template_secrets',
    'authentication',
    'signatures',
    'fields',
    'filter',
  ],
  ...['ordering', 'secrets', 'description', 'metadata', 'limits'],
];
const COLUMNS = `id, tenant, ${CONTENT[0]}, state, state_reason, ${CONTENT.slice(1).join(', ')}, version, created_at, updated_at`;

/** The statements behind the subscriptions; both databases understand all of them. */
export class SubscriptionStatements {
  private readonly subscriptions: string;
  private readonly deliveries: string;
  private readonly meta: string;

  constructor(private readonly sql: Sql) {
    this.subscriptions = sql.table('subscriptions');
    this.deliveries = sql.table('deliveries');
    this.meta = sql.table('meta');
  }

  // First in every write: its row lock makes the writers take turns, so that the versions are in the order of the commits.
  bumpVersion(): Statement {
    return { sql: `UPDATE ${this.meta} SET value = value + 1 WHERE name = 'subscriptions'`, params: [] };
  }

  /** Writes nothing when the tenant has as many already: the bump before it has made the writers take turns. */
  insert(record: NewSubscriptionRecord, mostOfTenant: number, offset: number): Statement {
    const { id, tenant, state, stateReason } = record;
    const [uid, ...content] = contentOf(record);
    const values = [id, tenant, uid, state, stateReason, ...content];
    const places = values.map((_value, index) => `CAST($${index + 3} AS text)`);
    const sql = `INSERT INTO ${this.subscriptions} (${COLUMNS}) SELECT ${places.join(', ')}, 1, ${this.now}, ${this.now}
      WHERE (SELECT count(*) FROM ${this.subscriptions} WHERE tenant = $4) < $2 RETURNING ${COLUMNS}`;
    return { sql, params: [offset, mostOfTenant, ...values] };
  }

  /** One that is not, or no longer, served in order has nobody who would let go what waits in line. */
  update(record: SubscriptionRecord, offset: number): Statement[] {
    const set = CONTENT.map((column, index) => `${column} = $${index + 4}`);
    const sql = `UPDATE ${this.subscriptions} SET ${set.join(', ')}, version = version + 1, updated_at = ${this.now}
      WHERE id = $2 AND version = $3 RETURNING ${COLUMNS}`;
    const write = { sql, params: [offset, record.id, record.version, ...contentOf(record)] };
    if (record.ordering !== null) return [write];
    const free = this.moveDeliveries(
      `state = 'pending', due_at = ${this.now}, subject = NULL, sequence = NULL`,
    );
    const changed = `EXISTS (SELECT 1 FROM ${this.subscriptions} WHERE id = $2 AND version = $3)`;
    const params = [offset, record.id, record.version + 1];
    return [write, { sql: `${free} AND state = 'waiting' AND ${changed}`, params }];
  }

  /** The same secrets under another key: no change to anybody but the database. */
  reseal({ id, version, ...record }: SubscriptionRecord): Statement {
    const sql = `UPDATE ${this.subscriptions} SET http_request = $3, template_secrets = $4, authentication = $5, secrets = $6
      WHERE id = $1 AND version = $2 RETURNING id`;
    const { httpRequest, templateSecrets, authentication, secrets } = record;
    return { sql, params: [id, version, httpRequest, templateSecrets, authentication, secrets] };
  }

  changeState({ id, version }: SubscriptionRecord, change: StateChange, offset: number): Statement[] {
    const sql = `UPDATE ${this.subscriptions} SET state = $4, state_reason = $5, version = version + 1,
      updated_at = ${this.now} WHERE id = $2 AND version = $3 RETURNING ${COLUMNS}`;
    const write = { sql, params: [offset, id, version, change.to, change.reason] };
    if (change.deliveries === 'leave') return [write];
    const move = change.deliveries === 'hold' ? this.hold(change.to) : this.release();
    // Only together with the change above: the bump has made sure that nobody else is between the two.
    const changed = `EXISTS (SELECT 1 FROM ${this.subscriptions} WHERE id = $2 AND version = $3 AND state = $4)`;
    return [write, { sql: `${move} AND ${changed}`, params: [offset, id, version + 1, change.to] }];
  }

  remove({ id, version }: Pick<SubscriptionRecord, 'id' | 'version'>, offset: number): Statement[] {
    const sql = `DELETE FROM ${this.subscriptions} WHERE id = $1 AND version = $2 RETURNING ${COLUMNS}`;
    const cancel = this.moveDeliveries(`state = 'canceled', due_at = NULL`);
    const removed = `NOT EXISTS (SELECT 1 FROM ${this.subscriptions} WHERE id = $2)`;
    return [
      { sql, params: [id, version] },
      { sql: `${cancel} AND ${removed}`, params: [offset, id] },
    ];
  }

  find(id: string): Statement {
    return { sql: `SELECT ${COLUMNS} FROM ${this.subscriptions} WHERE id = $1`, params: [id] };
  }

  findByUid(tenant: string, uid: string): Statement {
    const sql = `SELECT ${COLUMNS} FROM ${this.subscriptions} WHERE tenant = $1 AND uid = $2`;
    return { sql, params: [tenant, uid] };
  }

  list(tenant: string | null, limit: number, after: string): Statement {
    const select = `SELECT ${COLUMNS} FROM ${this.subscriptions} WHERE id > $1`;
    if (tenant === null) return { sql: `${select} ORDER BY id LIMIT $2`, params: [after, limit] };
    return { sql: `${select} AND tenant = $3 ORDER BY id LIMIT $2`, params: [after, limit, tenant] };
  }

  loadActive(defaultTenant: string): Statement {
    const columns = COLUMNS.split(', ').map((column) => `s.${column}`);
    const hasTenants = `EXISTS (SELECT 1 FROM ${this.subscriptions} WHERE tenant <> $1)`;
    const sql = `SELECT m.value AS set_version, CASE WHEN ${hasTenants} THEN 1 ELSE 0 END AS has_tenants, ${columns.join(', ')}
      FROM ${this.meta} m LEFT JOIN ${this.subscriptions} s ON s.state IN ('enabled', 'paused')
      WHERE m.name = 'subscriptions' ORDER BY s.id`;
    return { sql, params: [defaultTenant] };
  }

  private get now(): string {
    return this.sql.now('$1');
  }

  // What a pause holds is the disabling's, too, when that follows: `resume` must never send what was disabled.
  private hold(by: SubscriptionState): string {
    const states = by === 'disabled' ? `('pending', 'held')` : `('pending')`;
    const hold = this.moveDeliveries(`state = 'held', held_by = '${by}', due_at = NULL`);
    // A test is sent whatever the state.
    return `${hold} AND state IN ${states} AND test IS NULL`;
  }

  private release(): string {
    const move = this.moveDeliveries(`state = 'pending', due_at = ${this.now}`);
    return `${move} AND state = 'held' AND held_by = 'paused'`;
  }

  // The fence stays: an attempt under way may still record its outcome.
  private moveDeliveries(set: string): string {
    return `UPDATE ${this.deliveries} SET ${set}, updated_at = ${this.now} WHERE subscription_id = $2 AND ${OPEN}`;
  }
}

function contentOf(record: NewSubscriptionRecord): unknown[] {
  const { uid, eventTypes, httpRequest, templateSecrets, authentication, signatures, fields, filter } =
    record;
  const { ordering, secrets, description, metadata, limits } = record;
  const what = [uid, eventTypes, httpRequest, templateSecrets, authentication, signatures, fields, filter];
  return [...what, ordering, secrets, description, metadata, limits];
}
