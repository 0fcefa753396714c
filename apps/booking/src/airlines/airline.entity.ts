import { Column, Entity, PrimaryColumn } from 'typeorm';
import { instant } from '../database/columns.js';
import type { AirlineStatus } from './airline-status.js';

/** An airline we have heard of. */
@Entity('airlines')
export class Airline {
  /** IATA. */
  @PrimaryColumn('text')
  code!: string;

  @Column('text')
  status!: AirlineStatus;

  @Column({ ...instant, name: 'changed_at' })
  changedAt!: Date;
}
