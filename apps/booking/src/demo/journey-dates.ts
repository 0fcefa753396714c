const DAY_MS = 86_400_000;
const LONDON = { departure_tz: 'Europe/London', arrival_tz: 'Europe/Madrid' };
const MADRID = { departure_tz: 'Europe/Madrid', arrival_tz: 'Europe/London' };

/** The flights of the journey, `days` later than they were booked first. It begins three days from `now`. */
export function flights(now: number, days = 0): object[] {
  const date = (ahead: number): string => new Date(now + (ahead + days) * DAY_MS).toISOString().slice(0, 10);
  const [out, back] = [date(3), date(6)];
  const number = (leg: number, flight_number: string) => ({ leg, carrier: 'IB', flight_number });
  return [
    {
      ...{ ...number(1, 'IB3166'), origin: 'MAD', destination: 'LHR', ...MADRID },
      ...{ departure_local: `${out}T11:45:00`, arrival_local: `${out}T13:15:00` },
    },
    {
      ...{ ...number(2, 'IB3163'), origin: 'LHR', destination: 'MAD', ...LONDON },
      ...{ departure_local: `${back}T18:20:00`, arrival_local: `${back}T21:45:00` },
    },
  ];
}

/** What the airline makes of the way out: 95 minutes later. */
export function retimed(now: number): object {
  const [out] = flights(now) as [{ departure_local: string; arrival_local: string }];
  const on = (time: string, local: string): string => `${local.slice(0, 11)}${time}`;
  return {
    ref: 'SEG1',
    departure_local: on('13:20:00', out.departure_local),
    arrival_local: on('14:50:00', out.arrival_local),
  };
}
