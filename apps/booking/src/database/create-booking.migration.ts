import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES = [
  `CREATE TABLE consumers (
    id text PRIMARY KEY,
    name text NOT NULL,
    email text NOT NULL,
    iata_code text,
    country_code text NOT NULL
  )`,
  `CREATE TABLE agencies (
    id text PRIMARY KEY,
    consumer_id text NOT NULL REFERENCES consumers (id),
    name text NOT NULL
  )`,
  `CREATE TABLE agents (
    id text PRIMARY KEY,
    agency_id text NOT NULL REFERENCES agencies (id),
    name text NOT NULL,
    email text NOT NULL
  )`,
  `CREATE TABLE orders (
    id text PRIMARY KEY,
    agw_id text NOT NULL UNIQUE,
    provider text NOT NULL,
    provider_order_id text,
    pnr text,
    record_locator text,
    booking_type text NOT NULL,
    status text NOT NULL CHECK (status IN ('on_hold', 'ticketing', 'ticketed', 'cancelled', 'failed')),
    total_amount_minor bigint NOT NULL CHECK (total_amount_minor >= 0),
    currency text NOT NULL,
    session_id text,
    consumer_id text NOT NULL REFERENCES consumers (id),
    agency_id text NOT NULL REFERENCES agencies (id),
    agent_id text REFERENCES agents (id),
    contact_phone text,
    contact_email text,
    payment_time_limit text,
    version integer NOT NULL,
    created_on text NOT NULL,
    updated_on text NOT NULL
  )`,
  `CREATE TABLE passengers (
    id text PRIMARY KEY,
    order_id text NOT NULL REFERENCES orders (id),
    position integer NOT NULL,
    ref text NOT NULL,
    type text NOT NULL CHECK (type IN ('ADT', 'CHD', 'INF')),
    first_name text NOT NULL,
    last_name text NOT NULL,
    title text,
    birth_date text,
    UNIQUE (order_id, ref)
  )`,
  `CREATE TABLE tickets (
    id text PRIMARY KEY,
    passenger_id text NOT NULL REFERENCES passengers (id),
    number text NOT NULL UNIQUE,
    issued_on text NOT NULL,
    status text NOT NULL CHECK (status IN ('OPEN', 'VOID', 'REFUNDED', 'EXCHANGED'))
  )`,
  `CREATE TABLE segments (
    id text PRIMARY KEY,
    order_id text NOT NULL REFERENCES orders (id),
    position integer NOT NULL,
    ref text NOT NULL,
    leg integer NOT NULL,
    carrier text NOT NULL,
    flight_number text NOT NULL,
    origin text NOT NULL,
    destination text NOT NULL,
    departure_local text NOT NULL,
    departure_tz text NOT NULL,
    departure_at text NOT NULL,
    arrival_local text NOT NULL,
    arrival_tz text NOT NULL,
    arrival_at text NOT NULL,
    status text NOT NULL,
    bought boolean NOT NULL,
    superseded_by text REFERENCES segments (id) DEFERRABLE INITIALLY DEFERRED
  )`,
  `CREATE TABLE services (
    id text PRIMARY KEY,
    order_id text NOT NULL REFERENCES orders (id),
    position integer NOT NULL,
    ref text NOT NULL,
    passenger_id text NOT NULL REFERENCES passengers (id),
    segment_id text REFERENCES segments (id),
    type text NOT NULL,
    code text NOT NULL,
    quantity integer NOT NULL CHECK (quantity > 0),
    amount_minor bigint NOT NULL CHECK (amount_minor >= 0),
    currency text NOT NULL,
    status text NOT NULL,
    UNIQUE (order_id, ref)
  )`,
  `CREATE TABLE seats (
    id text PRIMARY KEY,
    order_id text NOT NULL REFERENCES orders (id),
    position integer NOT NULL,
    ref text NOT NULL,
    passenger_id text NOT NULL REFERENCES passengers (id),
    segment_id text NOT NULL REFERENCES segments (id),
    seat_number text NOT NULL,
    amount_minor bigint NOT NULL CHECK (amount_minor >= 0),
    currency text NOT NULL,
    status text NOT NULL,
    UNIQUE (order_id, ref)
  )`,
];

const INDEXES = [
  'CREATE INDEX orders_by_consumer ON orders (consumer_id, created_on)',
  'CREATE INDEX tickets_by_passenger ON tickets (passenger_id)',
  'CREATE UNIQUE INDEX segments_current ON segments (order_id, ref) WHERE superseded_by IS NULL',
];

/** The booking tables, in SQL that PostgreSQL and SQLite read alike. */
export class CreateBooking1750000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...TABLES, ...INDEXES]) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    const names = ['seats', 'services', 'segments', 'tickets', 'passengers', 'orders'];
    for (const name of [...names, 'agents', 'agencies', 'consumers'])
      await runner.query(`DROP TABLE ${name}`);
  }
}
