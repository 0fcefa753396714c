import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who may speak to the booking service as he spoke to Atlas. */
export class AddAtlasClients1770000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE atlas_clients (
      cid text PRIMARY KEY,
      secret_hash text NOT NULL,
      consumer_id text NOT NULL REFERENCES consumers (id)
    )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE atlas_clients');
  }
}
