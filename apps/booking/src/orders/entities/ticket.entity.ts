import { Column, Entity, PrimaryColumn } from 'typeorm';
import { instant } from '../../database/columns.js';

/** `EXCHANGED`: replaced by the ticket of a reissue. */
export type TicketStatus = 'OPEN' | 'VOID' | 'REFUNDED' | 'EXCHANGED';

/** The document that lets a passenger fly. */
@Entity('tickets')
export class Ticket {
  @PrimaryColumn('text')
  id!: string;

  @Column('text', { name: 'passenger_id' })
  passengerId!: string;

  @Column('text')
  number!: string;

  @Column({ ...instant, name: 'issued_on' })
  issuedOn!: Date;

  @Column('text')
  status!: TicketStatus;
}
