import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A person who works at an agency. */
@Entity('agents')
export class Agent {
  @PrimaryColumn('text')
  id!: string;

  @Column('text', { name: 'agency_id' })
  agencyId!: string;

  @Column('text')
  name!: string;

  @Column('text')
  email!: string;
}
