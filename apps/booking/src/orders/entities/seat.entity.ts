import { Column, Entity, PrimaryColumn } from 'typeorm';
import { minorUnits } from '../../database/columns.js';

/** A seat that a passenger has on a flight. */
@Entity('seats')
export class Seat {
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

  @Column('text', { name: 'segment_id' })
  segmentId!: string;

  @Column('text', { name: 'seat_number' })
  seatNumber!: string;

  @Column({ ...minorUnits, name: 'amount_minor' })
  amountMinor!: number;

  @Column('text')
  currency!: string;

  @Column('text')
  status!: string;
}
