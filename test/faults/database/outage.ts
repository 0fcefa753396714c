import type { Break, DatabaseScene, FaultyHost } from './database-scene.js';
import { orderIds } from './database-scene.js';
import type { OwnServer } from './own-server.js';

/** Attempts under way to one subscription at once. */
const IN_FLIGHT = 8;
const LEASE_MS = 61_000;
const SETTLING = /INSERT INTO "webhooks_attempts"/;

/** What is done while the database is away. */
export interface Outage {
  readonly server: OwnServer;
  readonly breakIt?: Break | undefined;
  /** Resolves when it is over. */
  lasts(host: FaultyHost): Promise<void>;
}

/**
 * The database goes away with attempts under way and others waiting, is away while they are answered and while orders are
 * placed, and comes back. Gives the host, which nobody has started anew, and the orders that were refused meanwhile.
 */
export async function playOutage(scene: DatabaseScene, { server, breakIt, lasts }: Outage) {
  const host = await scene.host();
  breakIt?.(host);
  await scene.subscribe(host);
  await scene.placeAll(host, orderIds('before', 20));
  await host.webhooks.drain();
  scene.receiver.hold();
  await scene.placeAll(host, orderIds('during', 20));
  await scene.receiver.arrived(20 + IN_FLIGHT);
  await server.stop();
  const refused = scene.placeAll(host, orderIds('refused', 5));
  const unrecorded = host.tap.ran(SETTLING);
  scene.receiver.answerBy(() => 204);
  scene.receiver.answerHeld(204);
  await unrecorded;
  await lasts(host);
  await server.startAgain();
  return { host, refused: await refused };
}

/** Orders are placed again, and a lease later all is sent. */
export async function aftermath(scene: DatabaseScene, host: FaultyHost) {
  await scene.placeAll(host, orderIds('after', 20));
  return scene.verdict(host, LEASE_MS);
}
