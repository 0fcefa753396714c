/** The family whose trip all examples tell of: samples and test sends of the order events agree with each other. */
export const PASSENGERS_EXAMPLE = [
  { ref: 'PAX1', type: 'ADT', name: 'GARCIA/ANA MS', ticket_numbers: ['0752412345678'] },
  { ref: 'PAX2', type: 'ADT', name: 'GARCIA/LUIS MR', ticket_numbers: ['0752412345679'] },
  { ref: 'PAX3', type: 'CHD', name: 'GARCIA/MIA MISS', ticket_numbers: ['0752412345680'] },
];

/** Their flights, there and back. */
export const SEGMENTS_EXAMPLE = [
  {
    ...{ ref: 'SEG1', leg: 1, carrier: 'IB', flight_number: 'IB3166', origin: 'MAD', destination: 'LHR' },
    departure_local: '2026-04-18T11:45:00',
    departure_tz: 'Europe/Madrid',
    departure_at: '2026-04-18T09:45:00Z',
    arrival_local: '2026-04-18T13:15:00',
    arrival_tz: 'Europe/London',
    arrival_at: '2026-04-18T12:15:00Z',
    status: 'HK',
  },
  {
    ...{ ref: 'SEG2', leg: 2, carrier: 'IB', flight_number: 'IB3163', origin: 'LHR', destination: 'MAD' },
    departure_local: '2026-04-25T18:20:00',
    departure_tz: 'Europe/London',
    departure_at: '2026-04-25T17:20:00Z',
    arrival_local: '2026-04-25T21:45:00',
    arrival_tz: 'Europe/Madrid',
    arrival_at: '2026-04-25T19:45:00Z',
    status: 'HK',
  },
];

/** Their tickets. */
export const TICKETS_EXAMPLE = PASSENGERS_EXAMPLE.map(({ ref, ...passenger }, index) => ({
  passenger_ref: ref,
  ...passenger,
  airline_pnrs: ['YMCP6O'],
  ancillaries: index === 0 ? ['0C3'] : [],
}));

/** What they bought beside the flights. */
export const SERVICES_EXAMPLE = [
  {
    ...{ ref: 'SRV1', passenger_ref: 'PAX1', segment_ref: 'SEG1', type: 'BAG', code: '0C3' },
    ...{ quantity: 1, amount: 45, currency: 'EUR' },
  },
];

const SEAT = { segment_ref: 'SEG1', amount: 12.5, currency: 'EUR' };

/** Where the parents sit. */
export const SEATS_EXAMPLE = [
  { ref: 'SEAT1', passenger_ref: 'PAX1', seat_number: '12A', ...SEAT },
  { ref: 'SEAT2', passenger_ref: 'PAX2', seat_number: '12B', ...SEAT },
];

/** The way out, 95 minutes later than it was bought. */
export const RETIMED_EXAMPLE = SEGMENTS_EXAMPLE.slice(0, 1).map((segment) => ({
  ...segment,
  departure_local: '2026-04-18T13:20:00',
  departure_at: '2026-04-18T11:20:00Z',
  arrival_local: '2026-04-18T14:50:00',
  arrival_at: '2026-04-18T13:50:00Z',
  status: 'TK',
}));

/** The flights they had before they asked for others: a day earlier. */
export const BOUGHT_SEGMENTS_EXAMPLE = SEGMENTS_EXAMPLE.slice(0, 1).map((segment) => ({
  ...segment,
  departure_local: '2026-04-17T11:45:00',
  departure_at: '2026-04-17T09:45:00Z',
  arrival_local: '2026-04-17T13:15:00',
  arrival_at: '2026-04-17T12:15:00Z',
}));
