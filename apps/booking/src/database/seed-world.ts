import type { DataSource } from 'typeorm';
import { Agency } from '../parties/agency.entity.js';
import { Agent } from '../parties/agent.entity.js';
import type { Caller } from '../parties/caller.js';
import { Consumer } from '../parties/consumer.entity.js';
import { SEED } from './seed.js';

/** A customer, the agency that sells for it, and who works there. */
interface Seller {
  readonly consumer: Pick<Consumer, 'id' | 'name' | 'email' | 'iataCode' | 'countryCode'>;
  readonly agency: Pick<Agency, 'id' | 'consumerId' | 'name'>;
  readonly agents: readonly Pick<Agent, 'id' | 'agencyId' | 'name' | 'email'>[];
}

/** A flight of the timetable, in the local times of its airports. */
export interface Route {
  readonly carrier: string;
  readonly flight_number: string;
  readonly origin: string;
  readonly destination: string;
  /** IANA zone of the origin. */
  readonly departure_tz: string;
  /** `HH:mm`. */
  readonly departs: string;
  readonly arrival_tz: string;
  readonly arrives: string;
  /** Days later by the calendar of the destination: -1 over the date line. */
  readonly days: number;
}

function seller(consumer: Seller['consumer'], agencyName: string, people: Record<string, string>): Seller {
  const agency = { id: `${consumer.id}-agency`, consumerId: consumer.id, name: agencyName };
  const agents = Object.entries(people).map(([id, name]) => {
    return { id, agencyId: agency.id, name, email: `${id}@${consumer.id}.example` };
  });
  return { consumer, agency, agents };
}

function customer(id: string, name: string, countryCode: string, iataCode: string | null) {
  return { id, name, email: `ops@${id}.example`, iataCode, countryCode };
}

/** Customers of every kind: with and without accreditation, with names in several scripts. */
export const SELLERS: readonly Seller[] = [
  { consumer: SEED.consumer, agency: SEED.agency, agents: [SEED.agent] },
  seller(customer('atlantico', 'Atlântico & Filhos', 'PT', '60554433'), 'Atlântico Viagens', {
    'joao-silva': 'João Silva',
    'ines-costa': 'Inês Costa',
  }),
  seller(customer('donghai', '东海旅行', 'CN', null), '东海旅行 "上海"', { 'li-wei': '李伟' }),
];

const flight = (number: string, from: readonly string[], to: readonly string[], days = 0): Route => ({
  ...{ carrier: number.slice(0, 2), flight_number: number, days },
  ...{ origin: from[0]!, departure_tz: from[1]!, departs: from[2]! },
  ...{ destination: to[0]!, arrival_tz: to[1]!, arrives: to[2]! },
});

/** There and back: short hauls, over the ocean, and one that lands before it leaves. */
export const ROUTES: readonly (readonly [Route, Route])[] = [
  [
    flight('IB3166', ['MAD', 'Europe/Madrid', '11:45'], ['LHR', 'Europe/London', '13:15']),
    flight('IB3163', ['LHR', 'Europe/London', '18:20'], ['MAD', 'Europe/Madrid', '21:45']),
  ],
  [
    flight('AF0006', ['CDG', 'Europe/Paris', '13:30'], ['JFK', 'America/New_York', '15:40']),
    flight('AF0007', ['JFK', 'America/New_York', '19:15'], ['CDG', 'Europe/Paris', '08:40'], 1),
  ],
  [
    flight('LH0716', ['FRA', 'Europe/Berlin', '14:15'], ['HND', 'Asia/Tokyo', '10:05'], 1),
    flight('LH0717', ['HND', 'Asia/Tokyo', '12:05'], ['FRA', 'Europe/Berlin', '18:30']),
  ],
  [
    flight('NZ0010', ['AKL', 'Pacific/Auckland', '23:55'], ['HNL', 'Pacific/Honolulu', '09:50']),
    flight('NZ0009', ['HNL', 'Pacific/Honolulu', '23:25'], ['AKL', 'Pacific/Auckland', '07:25'], 2),
  ],
];

/** Everybody who may sell. */
export const SALES: readonly Caller[] = SELLERS.flatMap(({ consumer, agents }) =>
  agents.map((agent) => ({ consumerId: consumer.id, agentId: agent.id, sessionId: null })),
);

/** Stores {@link SELLERS}; a second time changes nothing. */
export async function seedWorld({ manager }: DataSource): Promise<void> {
  for (const { consumer, agency, agents } of SELLERS) {
    await manager.upsert(Consumer, consumer, ['id']);
    await manager.upsert(Agency, agency, ['id']);
    for (const agent of agents) await manager.upsert(Agent, agent, ['id']);
  }
}
