/** A request for an order, as the booking API takes it. */
export const FAMILY = {
  ...{ provider: 'IB', hold: true, amount: 354.85, currency: 'EUR' },
  ...{ contact_phone: '+34600111222', contact_email: 'ana.garcia@mail.example' },
  passengers: [
    { type: 'ADT', first_name: 'Ana', last_name: 'Garcia', title: 'Ms' },
    { type: 'ADT', first_name: 'Luis', last_name: 'Garcia', title: 'Mr' },
    { type: 'CHD', first_name: 'Mia', last_name: 'Garcia', title: 'Miss' },
  ],
  segments: [
    {
      ...{ leg: 1, carrier: 'IB', flight_number: 'IB3166', origin: 'MAD', destination: 'LHR' },
      ...{ departure_local: '2036-04-18T11:45:00', departure_tz: 'Europe/Madrid' },
      ...{ arrival_local: '2036-04-18T13:15:00', arrival_tz: 'Europe/London' },
    },
    {
      ...{ leg: 2, carrier: 'IB', flight_number: 'IB3163', origin: 'LHR', destination: 'MAD' },
      ...{ departure_local: '2036-04-25T18:20:00', departure_tz: 'Europe/London' },
      ...{ arrival_local: '2036-04-25T21:45:00', arrival_tz: 'Europe/Madrid' },
    },
  ],
};

/** A bag of Ana's on the way out. */
export const BAG = {
  ...{ passenger_ref: 'PAX1', segment_ref: 'SEG1', type: 'BAG', code: '0C3' },
  ...{ quantity: 1, amount: 45 },
};

/** A seat of Ana's on the way out. */
export const SEAT = { passenger_ref: 'PAX1', segment_ref: 'SEG1', seat_number: '12A', amount: 12.5 };

/** A flight in local times, whose zones the service must know by the airports. */
export function flight(origin: string, departure_local: string, destination: string, arrival_local: string) {
  const number = { leg: 1, carrier: 'IB', flight_number: 'IB3166' };
  return { ...number, origin, departure_local, destination, arrival_local };
}

/** An order of one traveller for these flights. */
export function trip(...segments: object[]): object {
  const passengers = [{ type: 'ADT', first_name: 'Ana', last_name: 'Garcia' }];
  return { provider: 'IB', hold: true, amount: 100, currency: 'EUR', passengers, segments };
}
