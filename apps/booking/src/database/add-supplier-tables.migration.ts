import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES = [
  `CREATE TABLE schedule_changes (
    id text PRIMARY KEY,
    order_id text NOT NULL REFERENCES orders (id),
    kind text NOT NULL CHECK (kind IN ('schedule_change', 'flight_cancel')),
    reason text NOT NULL,
    detected_at text NOT NULL,
    confirmed boolean NOT NULL,
    previous text NOT NULL,
    revised text NOT NULL,
    original text NOT NULL,
    max_delay_minutes integer
  )`,
  `CREATE TABLE captured_emails (
    id text PRIMARY KEY,
    consumer_id text NOT NULL REFERENCES consumers (id),
    order_id text REFERENCES orders (id),
    unique_code text NOT NULL,
    category text NOT NULL,
    sender text NOT NULL,
    recipient text NOT NULL,
    subject text NOT NULL,
    link text NOT NULL,
    link_expires_at text NOT NULL,
    received_at text NOT NULL,
    UNIQUE (consumer_id, unique_code)
  )`,
  `CREATE TABLE incidents (
    id text PRIMARY KEY,
    order_id text NOT NULL REFERENCES orders (id),
    type text NOT NULL,
    evidence text NOT NULL,
    confirmed boolean NOT NULL,
    details text NOT NULL,
    detected_at text NOT NULL,
    updated_at text NOT NULL,
    closed_at text
  )`,
  `CREATE TABLE airlines (
    code text PRIMARY KEY,
    status text NOT NULL CHECK (status IN ('Active', 'Maintenance', 'Inactive')),
    changed_at text NOT NULL
  )`,
];

const INDEXES = [
  'CREATE INDEX schedule_changes_by_order ON schedule_changes (order_id, detected_at)',
  'CREATE INDEX captured_emails_by_order ON captured_emails (order_id)',
  'CREATE UNIQUE INDEX incidents_open ON incidents (order_id, type, evidence) WHERE closed_at IS NULL',
  'CREATE INDEX incidents_by_time ON incidents (detected_at)',
];

/** What suppliers tell about orders, and airlines about themselves. */
export class AddSupplierTables1760000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...TABLES, ...INDEXES]) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const name of ['airlines', 'incidents', 'captured_emails', 'schedule_changes'])
      await runner.query(`DROP TABLE ${name}`);
  }
}
