import { Column, Entity, PrimaryColumn } from 'typeorm';
import { instant } from '../database/columns.js';
import type { SegmentView } from '../orders/order.view.js';
import type { IncidentType, VendorRefund } from './incident-types.js';

/** What was found; what a type does not have is null. */
export interface IncidentEvidence {
  readonly email_subject: string | null;
  readonly email_link: string | null;
  readonly email_link_expires_at: string | null;
  readonly previous_segments: SegmentView[] | null;
  readonly revised_segments: SegmentView[] | null;
  readonly vendor_refund: VendorRefund | null;
}

/** Something that operations must look at. */
@Entity('incidents')
export class Incident {
  @PrimaryColumn('text')
  id!: string;

  @Column('text', { name: 'order_id' })
  orderId!: string;

  @Column('text')
  type!: IncidentType;

  /** What it was seen by, e.g. the number of a mail: the same evidence makes no second incident while one is open. */
  @Column('text')
  evidence!: string;

  @Column('boolean')
  confirmed!: boolean;

  @Column('simple-json')
  details!: IncidentEvidence;

  @Column({ ...instant, name: 'detected_at' })
  detectedAt!: Date;

  @Column({ ...instant, name: 'updated_at' })
  updatedAt!: Date;

  /** Null while it is open. */
  @Column({ ...instant, name: 'closed_at', nullable: true })
  closedAt!: Date | null;
}
