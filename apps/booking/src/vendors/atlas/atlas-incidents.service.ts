import { Injectable } from '@nestjs/common';
import type { SelectQueryBuilder } from 'typeorm';
import { DataSource } from 'typeorm';
import type { IncidentEvidence } from '../../incidents/incident.entity.js';
import { Incident } from '../../incidents/incident.entity.js';
import { Order } from '../../orders/entities/order.entity.js';
import type { SegmentView } from '../../orders/order.view.js';
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

/** Atlas' incident query, over the booking service's own incidents. */
@Injectable()
export class AtlasIncidents {
  constructor(private readonly dataSource: DataSource) {}

  /** The newest first. */
  async page(consumerId: string, query: IncidentQueryDto): Promise<IncidentPage> {
    const { pageIndex = 1, pageSize } = query;
    const found = this.search(consumerId, query);
    const total = await found.getCount();
    const rows = await found
      .orderBy('incident.detectedAt', 'DESC')
      .addOrderBy('incident.id')
      .offset((pageIndex - 1) * pageSize)
      .limit(pageSize)
      .getMany();
    return { records: (rows as Row[]).map(recordOf), pageIndex, pageSize, total };
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

function recordOf({ id, type, confirmed, details, detectedAt, updatedAt, order }: Row): IncidentRecord {
  return {
    ...{ eventId: id, eventType: type, eventStatus: confirmed ? 1 : 0 },
    ...{ eventTime: toAtlasTime(detectedAt), updateTime: toAtlasTime(updatedAt) },
    ...{ orderNo: order.agwId, pnr: order.pnr },
    data: dataOf(details),
  };
}

function dataOf(details: IncidentEvidence): IncidentRecord['data'] {
  const { email_subject, email_link, previous_segments, revised_segments, vendor_refund } = details;
  return {
    ...(email_subject !== null && { emailSubject: email_subject, emailLink: email_link }),
    ...(previous_segments && { previousSegs: previous_segments.map(segmentOf) }),
    ...(revised_segments && {
      revisedSegs: revised_segments.map(segmentOf),
      scheduleChangeType: revised_segments.length === 0 ? 2 : 1,
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
