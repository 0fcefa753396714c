import { Column, Entity, PrimaryColumn } from 'typeorm';
import { instant } from '../database/columns.js';
import type { EmailCategory } from './email-categories.js';

/** A mail of an airline that came to the mailbox we book with. */
@Entity('captured_emails')
export class CapturedEmail {
  @PrimaryColumn('text')
  id!: string;

  /** Whose mailbox it came to. */
  @Column('text', { name: 'consumer_id' })
  consumerId!: string;

  /** Null: nobody could tell. */
  @Column('text', { name: 'order_id', nullable: true })
  orderId!: string | null;

  /** Hash of the mail: the poller may find the same one twice, and in the mailboxes of several consumers. */
  @Column('text', { name: 'unique_code' })
  uniqueCode!: string;

  @Column('text')
  category!: EmailCategory;

  @Column('text')
  sender!: string;

  @Column('text')
  recipient!: string;

  @Column('text')
  subject!: string;

  @Column('text')
  link!: string;

  @Column({ ...instant, name: 'link_expires_at' })
  linkExpiresAt!: Date;

  @Column({ ...instant, name: 'received_at' })
  receivedAt!: Date;
}
