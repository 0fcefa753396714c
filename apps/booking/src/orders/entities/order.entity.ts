import { Column, Entity, PrimaryColumn, VersionColumn } from 'typeorm';
import { instant, minorUnits } from '../../database/columns.js';
import type { OrderStatus } from '../order-status.js';

/** What a customer bought: one price, one or more passengers and flights. */
@Entity('orders')
export class Order {
  @PrimaryColumn('text')
  id!: string;

  @Column('text', { name: 'agw_id' })
  agwId!: string;

  @Column('text')
  provider!: string;

  @Column('text', { name: 'provider_order_id', nullable: true })
  providerOrderId!: string | null;

  @Column('text', { nullable: true })
  pnr!: string | null;

  @Column('text', { name: 'record_locator', nullable: true })
  recordLocator!: string | null;

  /** Computed from the flights whenever they change; kept for searching. */
  @Column('text', { name: 'booking_type' })
  bookingType!: string;

  @Column('text')
  status!: OrderStatus;

  @Column({ ...minorUnits, name: 'total_amount_minor' })
  totalAmountMinor!: number;

  @Column('text')
  currency!: string;

  /** The shopping session the order came from. */
  @Column('text', { name: 'session_id', nullable: true })
  sessionId!: string | null;

  @Column('text', { name: 'consumer_id' })
  consumerId!: string;

  @Column('text', { name: 'agency_id' })
  agencyId!: string;

  @Column('text', { name: 'agent_id', nullable: true })
  agentId!: string | null;

  @Column('text', { name: 'contact_phone', nullable: true })
  contactPhone!: string | null;

  @Column('text', { name: 'contact_email', nullable: true })
  contactEmail!: string | null;

  @Column({ ...instant, name: 'payment_time_limit', nullable: true })
  paymentTimeLimit!: Date | null;

  @VersionColumn({ type: 'integer' })
  version!: number;

  @Column({ ...instant, name: 'created_on' })
  createdOn!: Date;

  @Column({ ...instant, name: 'updated_on' })
  updatedOn!: Date;
}
