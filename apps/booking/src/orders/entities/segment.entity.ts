import { Column, Entity, PrimaryColumn } from 'typeorm';
import { instant } from '../../database/columns.js';

/** One flight of an order. Timetables speak local time: the instant is derived from it and the airport's zone. */
@Entity('segments')
export class Segment {
  @PrimaryColumn('text')
  id!: string;

  @Column('text', { name: 'order_id' })
  orderId!: string;

  @Column('integer')
  position!: number;

  @Column('text')
  ref!: string;

  /** Direction of the journey, from 1. */
  @Column('integer')
  leg!: number;

  @Column('text')
  carrier!: string;

  @Column('text', { name: 'flight_number' })
  flightNumber!: string;

  @Column('text')
  origin!: string;

  @Column('text')
  destination!: string;

  @Column('text', { name: 'departure_local' })
  departureLocal!: string;

  @Column('text', { name: 'departure_tz' })
  departureTz!: string;

  @Column({ ...instant, name: 'departure_at' })
  departureAt!: Date;

  @Column('text', { name: 'arrival_local' })
  arrivalLocal!: string;

  @Column('text', { name: 'arrival_tz' })
  arrivalTz!: string;

  @Column({ ...instant, name: 'arrival_at' })
  arrivalAt!: Date;

  /** The airline's code: HK and TK will be flown, UN, HX and WK will not. */
  @Column('text')
  status!: string;

  /** As the traveller first bought it; what replaces it later is not. */
  @Column('boolean')
  bought!: boolean;

  /** The row that says what has become of the flight; a row itself never changes otherwise. */
  @Column('text', { name: 'superseded_by', nullable: true })
  supersededBy!: string | null;
}
