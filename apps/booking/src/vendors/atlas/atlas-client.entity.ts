import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A customer as Atlas knew him: his client id and secret. */
@Entity('atlas_clients')
export class AtlasClient {
  @PrimaryColumn('text')
  cid!: string;

  /** SHA-256 of the secret, in hexadecimal digits. */
  @Column('text', { name: 'secret_hash' })
  secretHash!: string;

  @Column('text', { name: 'consumer_id' })
  consumerId!: string;
}
