import type { IncidentQueryDto } from './incident-query.dto.js';
import { fromAtlasTime } from './atlas-time.js';

/** A condition in SQL that both databases read, over `incident` and its order `o`. */
export interface Condition {
  readonly sql: string;
  readonly values: Readonly<Record<string, unknown>>;
}

type Filter = (value: never) => Condition;

const equal =
  (column: string): Filter =>
  (value: string) => ({ sql: `${column} = :${nameOf(column)}`, values: { [nameOf(column)]: value } });

const from =
  (column: string, name: string): Filter =>
  (text: string) => ({
    sql: `${column} >= :${name}`,
    values: { [name]: fromAtlasTime(text).toISOString() },
  });

// Their seconds hide our milliseconds: the last second counts whole.
const to =
  (column: string, name: string): Filter =>
  (text: string) => ({
    sql: `${column} <= :${name}`,
    values: { [name]: new Date(fromAtlasTime(text).getTime() + 999).toISOString() },
  });

const FILTERS: { readonly [Name in keyof IncidentQueryDto]?: Filter } = {
  eventId: equal('incident.id'),
  orderNo: equal('o.agw_id'),
  eventType: equal('incident.type'),
  pnr: equal('o.pnr'),
  paxName: (name: string) => ({
    sql: `EXISTS (SELECT 1 FROM passengers p WHERE p.order_id = o.id
      AND lower(p.last_name || '/' || p.first_name) = lower(:paxName))`,
    values: { paxName: name },
  }),
  paxEmail: (email: string) => ({
    sql: 'lower(o.contact_email) = lower(:paxEmail)',
    values: { paxEmail: email },
  }),
  airline: (airline: string) => ({
    sql: 'EXISTS (SELECT 1 FROM segments s WHERE s.order_id = o.id AND s.carrier = :airline)',
    values: { airline },
  }),
  eventStatus: (statuses: number[]) => ({
    sql: statuses.length === 0 ? '1 = 0' : 'incident.confirmed IN (:...confirmed)',
    values: { confirmed: statuses.map((status) => status === 1) },
  }),
  eventTimeStart: from('incident.detected_at', 'eventTimeStart'),
  eventTimeEnd: to('incident.detected_at', 'eventTimeEnd'),
  updateTimeStart: from('incident.updated_at', 'updateTimeStart'),
  updateTimeEnd: to('incident.updated_at', 'updateTimeEnd'),
};

function nameOf(column: string): string {
  return column.replace('.', '_');
}

/** One flight leaves within both ends: a trip around the range has none. */
function departing({ depTimeStart, depTimeEnd }: IncidentQueryDto): Condition[] {
  if (depTimeStart === undefined && depTimeEnd === undefined) return [];
  const local = (text: string): string => text.replace(' ', 'T');
  return [
    {
      sql: `EXISTS (SELECT 1 FROM segments s WHERE s.order_id = o.id AND s.superseded_by IS NULL
        AND s.status NOT IN ('UN', 'HX', 'WK') AND s.departure_local BETWEEN :depTimeStart AND :depTimeEnd)`,
      values: {
        depTimeStart: local(depTimeStart ?? '0000-01-01 00:00:00'),
        depTimeEnd: local(depTimeEnd ?? '9999-12-31 23:59:59'),
      },
    },
  ];
}

/** What a query asks for; everything that is left out narrows nothing. */
export function conditionsOf(query: IncidentQueryDto): Condition[] {
  const each = Object.entries(FILTERS).flatMap(([name, filter]) => {
    const value = query[name as keyof IncidentQueryDto];
    return value === undefined ? [] : [filter(value as never)];
  });
  return [...each, ...departing(query)];
}
