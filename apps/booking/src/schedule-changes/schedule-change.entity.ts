import { Column, Entity, PrimaryColumn } from 'typeorm';
import { instant } from '../database/columns.js';
import type { SegmentView } from '../orders/order.view.js';
import type { ScheduleChangeKind } from './schedule-reasons.js';

/** What an airline did to the flights of an order: 航变. */
@Entity('schedule_changes')
export class ScheduleChange {
  @PrimaryColumn('text')
  id!: string;

  @Column('text', { name: 'order_id' })
  orderId!: string;

  @Column('text')
  kind!: ScheduleChangeKind;

  /** Code of the reason. */
  @Column('text')
  reason!: string;

  @Column({ ...instant, name: 'detected_at' })
  detectedAt!: Date;

  @Column('boolean')
  confirmed!: boolean;

  /** The flights concerned, before. */
  @Column('simple-json')
  previous!: SegmentView[];

  /** The same afterwards; empty when they are gone. */
  @Column('simple-json')
  revised!: SegmentView[];

  /** The whole trip as it was bought. */
  @Column('simple-json')
  original!: SegmentView[];

  /** Null when there is nothing to compare. */
  @Column('integer', { name: 'max_delay_minutes', nullable: true })
  maxDelayMinutes!: number | null;
}
