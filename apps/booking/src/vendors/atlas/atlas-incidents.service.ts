import { Injectable } from '@nestjs/common';
import type { SelectQueryBuilder } from 'typeorm';
import { DataSource } from 'typeorm';
import type { IncidentEvidence } from '../../incidents/incident.entity.js';
import { Incident } from '../../incidents/incident.entity.js';
import { Order } from '../../orders/entities/order.entity.js';
import type { SegmentView } from '../../orders/order.view.js';
import type { SentNotification } from './atlas-archive.service.js';
import { AtlasArchive } from './atlas-archive.service.js';
import type { AtlasClient } from './atlas-client.entity.js';
import { toAtlasTime } from './atlas-time.js';
import { conditionsOf } from './incident-filters.js';
import type { IncidentQueryDto } from './incident-query.dto.js';

/** An incident as Atlas lists it. */
export interface IncidentRecord {
  readonly eventId: string;
  readonly eventType: string;
  /** 0 unconfirmed, 1 confirmed. */
  readonly eventStatus: number;
  /** UTC+08:00, as all times of this list but those of flights. */
  readonly eventTime: string;
  readonly updateTime: string;
  readonly orderNo: string;
  readonly pnr: string | null;
  readonly data: Readonly<Record<string, unknown>>;
  /** What the client was sent of it, the oldest first: when it was found, and when it was confirmed. */
  readonly sent: readonly SentNotification[];
}

/** A page of them. */
export interface IncidentPage {
  readonly records: readonly IncidentRecord[];
  readonly pageIndex: number;
  readonly pageSize: number;
  /** On all pages. */
  readonly total: number;
}

interface Row extends Incident {
  order: Order;
}

/** Atlas' incident query, over the booking service's own incidents, with what was sent of each. */
@Injectable()
export class AtlasIncidents {
  constructor(
    private readonly dataSource: DataSource,
    private readonly archive: AtlasArchive,
  ) {}

  /** The newest first. */
  async page(client: AtlasClient, query: IncidentQueryDto): Promise<IncidentPage> {
    const { pageIndex = 1, pageSize } = query;
    const found = this.search(client.consumerId, query);
    const total = await found.getCount();
    const rows = await found
      .orderBy('incident.detectedAt', 'DESC')
      .addOrderBy('incident.id')
      .offset((pageIndex - 1) * pageSize)
      .limit(pageSize)
      .getMany();
    const records = await this.recordsOf(client, rows as Row[]);
    return { records, pageIndex, pageSize, total };
  }

  private async recordsOf(client: AtlasClient, rows: readonly Row[]): Promise<IncidentRecord[]> {
    const sent = await this.archive.sentOf(client, new Set(rows.map(({ order }) => order.agwId)));
    return rows.map((row) => recordOf(row, sent.get(row.id) ?? []));
  }

  private search(consumerId: string, query: IncidentQueryDto): SelectQueryBuilder<Incident> {
    const found = this.dataSource.manager
      .createQueryBuilder(Incident, 'incident')
      .innerJoinAndMapOne('incident.order', Order, 'o', 'o.id = incident.order_id')
      .where('o.consumer_id = :consumerId', { consumerId });
    for (const { sql, values } of conditionsOf(query)) found.andWhere(sql, values);
    return found;
  }
}

function recordOf(row: Row, sent: readonly SentNotification[]): IncidentRecord {
  const { id, type, confirmed, details, detectedAt, updatedAt, order } = row;
  return {
    ...{ eventId: id, eventType: type, eventStatus: confirmed ? 1 : 0 },
    ...{ eventTime: toAtlasTime(detectedAt), updateTime: toAtlasTime(updatedAt) },
    ...{ orderNo: order.agwId, pnr: order.pnr },
    data: dataOf(details),
    sent,
  };
}

function dataOf(details: IncidentEvidence): IncidentRecord['data'] {
  const { email_subject, email_link, previous_segments, revised_segments, vendor_refund } = details;
  return {
    ...(email_subject !== null && { emailSubject: email_subject, emailLink: email_link }),
    ...(previous_segments &&
      revised_segments && {
        previousSegs: previous_segments.map(segmentOf),
        revisedSegs: revised_segments.map(segmentOf),
        scheduleChangeType: revised_segments.length < previous_segments.length ? 2 : 1,
      }),
    ...(vendor_refund !== null && { vendorRefundInformation: vendor_refund }),
  };
}

function segmentOf({ origin, destination, departure_local, arrival_local, ...flight }: SegmentView) {
  const local = (time: string): string => time.slice(0, 19).replace('T', ' ');
  return {
    ...{ depAirport: origin, depTerminal: '', depTime: local(departure_local) },
    ...{ arrAirport: destination, arrTerminal: '', arrTime: local(arrival_local) },
    ...{
      carrier: flight.carrier,
      flightNumber: flight.flight_number,
      codeShare: false,
      direction: flight.leg,
    },
  };
}
