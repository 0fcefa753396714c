import { Column, Entity, PrimaryColumn } from 'typeorm';
import { minorUnits } from '../../database/columns.js';

/** Something bought beside the flight: a bag, a meal. */
@Entity('services')
export class Service {
  @PrimaryColumn('text')
  id!: string;

  @Column('text', { name: 'order_id' })
  orderId!: string;

  @Column('integer')
  position!: number;

  @Column('text')
  ref!: string;

  @Column('text', { name: 'passenger_id' })
  passengerId!: string;

  /** Null: for the whole trip. */
  @Column('text', { name: 'segment_id', nullable: true })
  segmentId!: string | null;

  @Column('text')
  type!: string;

  @Column('text')
  code!: string;

  @Column('integer')
  quantity!: number;

  /** Of the whole quantity. */
  @Column({ ...minorUnits, name: 'amount_minor' })
  amountMinor!: number;

  @Column('text')
  currency!: string;

  @Column('text')
  status!: string;
}
