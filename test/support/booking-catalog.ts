/** What kind of value a field holds; a list of texts: one of them. */
export type Kind =
  | 'text'
  | 'code3'
  | 'code2'
  | 'number'
  | 'count'
  | 'instant'
  | 'flag'
  | 'list'
  | 'object'
  | readonly (string | number)[];

/** One row of the specification: name, kind, whether null is a value, an example, other spellings. */
export type FieldRow = readonly [
  name: string,
  kind: Kind,
  nullable: boolean,
  example: unknown,
  aliases?: readonly string[],
];

/** The 26 fields of the platform that is replaced, then the currency it lacked. */
export const ORDER_FIELDS: readonly FieldRow[] = [
  ['agw_id', 'text', false, 'AGW-E1TLLZH0HB', ['agwID']],
  ['order_id', 'text', true, 'IB0A1B2C3D4E', ['orderID']],
  ['pnr', 'text', true, 'YMCP6O'],
  ['record_locator', 'text', true, '7Q2XKD', ['recordLocator']],
  ['booking_type', ['One Way', 'Round Trip', 'Multicity'], false, 'Round Trip', ['bookingType']],
  ['origin', 'code3', false, 'MAD'],
  ['destination', 'code3', false, 'LHR'],
  ['full_path', 'text', false, 'MAD-LHR, LHR-MAD', ['fullPath']],
  ['adults_pax', 'count', false, 2, ['adultsPax']],
  ['children_pax', 'count', false, 1, ['childrenPax']],
  ['infants_pax', 'count', false, 0, ['infantsPax']],
  [
    'order_status',
    ['on hold', 'ticketing', 'ticketed', 'cancelled', 'failed'],
    false,
    'ticketed',
    ['orderStatus'],
  ],
  ['total_amount', 'number', false, 412.35, ['totalAmount']],
  ['created_on', 'instant', false, '2026-03-10T09:15:00Z', ['createdOn']],
  ['updated_on', 'instant', false, '2026-03-10T09:20:30Z', ['updatedOn']],
  ['session_id', 'text', true, '3f6c2b1e-8a47-4d0b-9c55-0e9d7f2a1b34', ['sessionID']],
  ['agent_email', 'text', true, 'lucia.perez@viajesnube.example', ['agentEmail']],
  ['consumer_email', 'text', false, 'ops@nubetravel.example', ['consumerEmail']],
  ['psg_phone', 'text', true, '+34600111222', ['psgPhone']],
  ['psg_email', 'text', true, 'ana.garcia@mail.example', ['psgEmail']],
  ['consumer_iata_code', 'text', true, '78220011', ['consumerIataCode']],
  ['consumer_country_code', 'code2', false, 'ES', ['consumerCountryCode']],
  ['consumer', 'text', false, 'Nube Travel'],
  ['provider', 'text', false, 'IB'],
  ['agent', 'text', true, 'Lucía Pérez'],
  ['agency', 'text', false, 'Viajes Nube S.L.'],
  ['currency', 'code3', false, 'EUR'],
];

/** No example is prescribed. */
export const ANY: unknown = expect.anything();

const FIRST = {
  ...{ ref: 'SEG1', leg: 1, carrier: 'IB', flight_number: 'IB3166', origin: 'MAD', destination: 'LHR' },
  ...{ departure_local: '2026-04-18T11:45:00', departure_tz: 'Europe/Madrid' },
  ...{ departure_at: '2026-04-18T09:45:00Z', arrival_local: '2026-04-18T13:15:00' },
  ...{ arrival_tz: 'Europe/London', arrival_at: '2026-04-18T12:15:00Z', status: 'HK' },
};
const LAST = {
  ...{ ref: 'SEG2', leg: 2, carrier: 'IB', flight_number: 'IB3163', origin: 'LHR', destination: 'MAD' },
  ...{ departure_local: '2026-04-25T18:20:00', departure_tz: 'Europe/London' },
  ...{ departure_at: '2026-04-25T17:20:00Z', arrival_local: '2026-04-25T21:45:00' },
  ...{ arrival_tz: 'Europe/Madrid', arrival_at: '2026-04-25T19:45:00Z', status: 'HK' },
};
const RETIMED = {
  ...{ ...FIRST, departure_local: '2026-04-18T13:20:00', departure_at: '2026-04-18T11:20:00Z' },
  ...{ arrival_local: '2026-04-18T14:50:00', arrival_at: '2026-04-18T13:50:00Z', status: 'TK' },
};
const BAG = {
  ...{ ref: 'SRV1', passenger_ref: 'PAX1', segment_ref: 'SEG1', type: 'BAG', code: '0C3' },
  ...{ quantity: 1, amount: 45, currency: 'EUR' },
};
const ANA = { ref: 'PAX1', type: 'ADT', name: 'GARCIA/ANA MS', ticket_numbers: ['0752412345678'] };
const LUIS = { ref: 'PAX2', type: 'ADT', name: 'GARCIA/LUIS MR', ticket_numbers: ['0752412345679'] };
const MIA = { ref: 'PAX3', type: 'CHD', name: 'GARCIA/MIA MISS', ticket_numbers: ['0752412345680'] };
const SEAT = {
  ...{ ref: 'SEAT1', passenger_ref: 'PAX1', segment_ref: 'SEG1' },
  ...{ seat_number: '12A', amount: 12.5, currency: 'EUR' },
};
const SEATS = [SEAT, { ...SEAT, ref: 'SEAT2', passenger_ref: 'PAX2', seat_number: '12B' }];
const TICKET = {
  ...{ passenger_ref: 'PAX1', name: 'GARCIA/ANA MS', type: 'ADT', ticket_numbers: ['0752412345678'] },
  ...{ airline_pnrs: ['YMCP6O'], ancillaries: ['0C3'] },
};

/** The collections. */
export const COLLECTIONS: readonly FieldRow[] = [
  ['passengers', 'list', false, [ANA, LUIS, MIA]],
  ['segments', 'list', false, [FIRST, LAST]],
  ['services', 'list', false, [BAG]],
  ['seats', 'list', false, [SEAT]],
];

/** One event of the specification. */
export interface EventRow {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly deprecated?: true;
  /** Whether it carries the order's fields: always, if the order is known, or never. */
  readonly order: 'always' | 'if known' | 'never';
  /** Rows that this event has beside those, or instead of them. */
  readonly own: readonly FieldRow[];
}

const CATEGORIES = [
  ...['Schedule change', 'Receipt', 'Payment Success', 'Verification', 'Trip Reminder', 'Promo code'],
  ...['Travel Itinerary', 'Advertisement', 'PNR Cancellation Success', 'Payment Due', 'Unidentified'],
  ...['Duplicated Schedule Change', 'Unaccounted Cancellation'],
];
const INCIDENTS = ['email.schedulechange', 'order.schedulechange', 'abnormal.cancelled'];
const REASONS = ['RETIMED', 'RENUMBERED', 'REROUTED', 'CANCELLED', 'OTHER'];
const STATUSES = ['Active', 'Maintenance', 'Inactive'];

const STATUS: Kind = ['on hold', 'ticketing', 'ticketed', 'cancelled', 'failed'];
const order = 'always' as const;

/** Every event of both platforms. */
export const EVENTS: readonly EventRow[] = [
  {
    ...{ name: 'OrderCreated', aliases: ['order.created'], order },
    own: [['order_status', STATUS, false, 'ticketing', ['orderStatus']]],
  },
  { name: 'OrderChanged', order, own: [['changes', 'list', false, ['services', 'seats']]] },
  {
    ...{ name: 'OrderCanceled', aliases: ['order.canceled'], order },
    own: [
      ['order_status', STATUS, false, 'cancelled', ['orderStatus']],
      ['cancel_reason', 'text', false, 'requested'],
      ['cancelled_by', ['agent', 'airline', 'system'], false, 'agent'],
      ['refund_amount', 'number', true, 412.35],
    ],
  },
  {
    ...{ name: 'OrderTicketed', aliases: ['order.ticketed'], order },
    own: [
      ['tickets', 'list', false, [TICKET, ANY, ANY]],
      ['reissue', 'flag', false, false],
    ],
  },
  { name: 'OrderStarted', deprecated: true, order, own: [['first_segment', 'object', false, FIRST]] },
  { name: 'OrderCompleted', deprecated: true, order, own: [['last_segment', 'object', false, LAST]] },
  {
    ...{ name: 'ServicesAddition', order },
    own: [
      ['services', 'list', false, [BAG]],
      ['total_amount_delta', 'number', false, 45],
    ],
  },
  {
    name: 'ServicesDeletion',
    aliases: ['ServicesRemoval'],
    order,
    own: [['services', 'list', false, [BAG]]],
  },
  { name: 'SeatsAddition', order, own: [['seats', 'list', false, SEATS]] },
  { name: 'SeatsDeletion', aliases: ['SeatsRemoval'], order, own: [['seats', 'list', false, SEATS]] },
  {
    ...{ name: 'DatesChanged', aliases: ['ItineraryChange'], order },
    own: [
      ['previous_segments', 'list', false, ANY],
      ['total_amount_delta', 'number', false, ANY],
    ],
  },
  {
    ...{ name: 'ScheduleChanged', aliases: ['order.schedulechange', 'order.scheduleChange'], order },
    own: [
      ['schedule_change_type', ['schedule_change', 'flight_cancel'], false, 'schedule_change'],
      ['schedule_change_code', [1, 2], false, 1],
      ['reason_code', REASONS, false, ANY],
      ['reason', 'text', false, ANY],
      ['confirmed', 'flag', false, true],
      ['previous_segments', 'list', false, [FIRST]],
      ['revised_segments', 'list', false, [RETIMED]],
      ['original_segments', 'list', false, [FIRST, LAST]],
      ['max_delay_minutes', 'count', true, 95],
      ['action_required', 'flag', false, ANY],
      ['action_deadline', 'instant', true, ANY],
      ['action_if_none', 'text', true, ANY],
    ],
  },
  {
    ...{ name: 'AirlineStatusChanged', aliases: ['airline.status'], order: 'never' },
    own: [
      ['airlines', 'list', false, ['TO']],
      ['airline_status', STATUSES, false, 'Maintenance'],
      ['previous_airline_status', STATUSES, false, 'Active'],
    ],
  },
  {
    ...{ name: 'EmailCaptured', aliases: ['email.all'], order: 'if known' },
    own: [
      ['email_id', 'text', false, ANY],
      ['email_category', CATEGORIES, false, 'Schedule change'],
      ['email_from', 'text', false, ANY],
      ['email_to', 'text', false, ANY],
      ['email_subject', 'text', false, ANY],
      ['email_link', 'text', false, ANY],
      ['email_link_expires_at', 'instant', false, ANY],
      ['email_received_at', 'instant', false, '2026-03-29T21:40:00Z'],
    ],
  },
  {
    ...{ name: 'IncidentDetected', order },
    own: [
      ['incident_id', 'text', false, ANY],
      ['incident_type', INCIDENTS, false, 'abnormal.cancelled'],
      ['incident_confirmed', 'flag', false, false],
      ['email_subject', 'text', true, null],
      ['email_link', 'text', true, null],
      ['email_link_expires_at', 'instant', true, null],
      ['previous_segments', 'list', true, null],
      ['revised_segments', 'list', true, null],
      ['vendor_refund', ['FULLY', 'PARTLY', 'NONE'], true, 'FULLY'],
    ],
  },
];

/** All rows of an event, in the order of the fields. */
export function rowsOf({ order, own }: EventRow): FieldRow[] {
  const base = order === 'never' ? [] : [...ORDER_FIELDS, ...COLLECTIONS];
  const rows = base.map((row) => own.find(([name]) => name === row[0]) ?? row);
  const known = rows.map(([name, kind, nullable, example, aliases]): FieldRow => {
    return [name, kind, nullable || order === 'if known', example, aliases ?? []];
  });
  const names = known.map(([name]) => name);
  return [...known, ...own.filter(([name]) => !names.includes(name))];
}
