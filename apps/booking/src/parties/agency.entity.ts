import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A travel agency that sells for a consumer. */
@Entity('agencies')
export class Agency {
  @PrimaryColumn('text')
  id!: string;

  @Column('text', { name: 'consumer_id' })
  consumerId!: string;

  @Column('text')
  name!: string;
}
