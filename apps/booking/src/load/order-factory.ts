import { ROUTES, SALES } from '../database/seed-world.js';
import type { Route } from '../database/seed-world.js';
import type { CreateOrderDto, PassengerDto, SegmentDto } from '../orders/dto/create-order.dto.js';
import type { Caller } from '../parties/caller.js';

/** An order to be made, and by whom. */
export interface LoadOrder {
  readonly request: CreateOrderDto;
  readonly caller: Caller;
}

const DAY_MS = 86_400_000;
const START = Date.parse('2027-01-04T00:00:00Z');
const SEASON_DAYS = 300;
const STAY_DAYS = 7;
const PARTIES: readonly (readonly PassengerDto[])[] = [
  [{ type: 'ADT', first_name: 'Ana', last_name: 'Garcia', title: 'Ms' }],
  [
    { type: 'ADT', first_name: 'Zoë', last_name: "O'Brien" },
    { type: 'CHD', first_name: 'Nils', last_name: "O'Brien" },
  ],
  [
    { type: 'ADT', first_name: '伟', last_name: '李' },
    { type: 'ADT', first_name: '芳', last_name: '李' },
    { type: 'INF', first_name: '明', last_name: '李' },
  ],
];

function pick<T>(things: readonly T[], index: number): T {
  return things[index % things.length]!;
}

function dayText(day: number): string {
  return new Date(START + day * DAY_MS).toISOString().slice(0, 10);
}

function segmentOf({ departs, arrives, days, ...route }: Route, leg: number, day: number): SegmentDto {
  return {
    ...route,
    leg,
    departure_local: `${dayText(day)}T${departs}:00`,
    arrival_local: `${dayText(day + days)}T${arrives}:00`,
  };
}

/** The order of that number: always the same one. */
export function loadOrder(index: number): LoadOrder {
  const [out, back] = pick(ROUTES, index);
  const day = index % SEASON_DAYS;
  const isReturn = index % 2 === 0;
  return {
    caller: pick(SALES, index),
    request: {
      ...{ provider: out.carrier, hold: true, amount: 80 + (index % 900), currency: 'EUR' },
      contact_email: `traveller-${index}@mail.example`,
      passengers: [...pick(PARTIES, index)],
      segments: [segmentOf(out, 1, day), ...(isReturn ? [segmentOf(back, 2, day + STAY_DAYS)] : [])],
    },
  };
}
