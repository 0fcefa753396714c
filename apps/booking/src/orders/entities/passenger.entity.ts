import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Adult, child or infant on somebody's lap. */
export type PassengerType = 'ADT' | 'CHD' | 'INF';

/** One traveller of an order. */
@Entity('passengers')
export class Passenger {
  @PrimaryColumn('text')
  id!: string;

  @Column('text', { name: 'order_id' })
  orderId!: string;

  @Column('integer')
  position!: number;

  /** `PAX1`: how services, seats and tickets name the passenger. */
  @Column('text')
  ref!: string;

  @Column('text')
  type!: PassengerType;

  @Column('text', { name: 'first_name' })
  firstName!: string;

  @Column('text', { name: 'last_name' })
  lastName!: string;

  @Column('text', { nullable: true })
  title!: string | null;

  @Column('text', { name: 'birth_date', nullable: true })
  birthDate!: string | null;
}
