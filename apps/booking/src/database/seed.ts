import type { DataSource } from 'typeorm';
import { Agency } from '../parties/agency.entity.js';
import { Agent } from '../parties/agent.entity.js';
import { Consumer } from '../parties/consumer.entity.js';
import { AtlasClient } from '../vendors/atlas/atlas-client.entity.js';
import { hashSecret } from '../vendors/atlas/atlas-secret.js';

/** The customer that the sample comes with; use these as `x-consumer-id` and `x-agent-id`. */
export const SEED = {
  consumer: {
    id: 'nube-travel',
    name: 'Nube Travel',
    email: 'ops@nubetravel.example',
    iataCode: '78220011',
    countryCode: 'ES',
  },
  agency: { id: 'viajes-nube', consumerId: 'nube-travel', name: 'Viajes Nube S.L.' },
  agent: {
    id: 'lucia-perez',
    agencyId: 'viajes-nube',
    name: 'Lucía Pérez',
    email: 'lucia.perez@viajesnube.example',
  },
  /** How the customer spoke to Atlas: `x-atlas-client-id` and `x-atlas-client-secret`. */
  atlas: { cid: 'nube-atlas', secret: 'published-with-the-source-so-it-protects-nothing' },
} as const;

/** Stores {@link SEED}; a second time changes nothing. */
export async function seed({ manager }: DataSource): Promise<void> {
  await manager.upsert(Consumer, SEED.consumer, ['id']);
  await manager.upsert(Agency, SEED.agency, ['id']);
  await manager.upsert(Agent, SEED.agent, ['id']);
  const { cid, secret } = SEED.atlas;
  const client = { cid, secretHash: hashSecret(secret), consumerId: SEED.consumer.id };
  await manager.upsert(AtlasClient, client, ['cid']);
}
