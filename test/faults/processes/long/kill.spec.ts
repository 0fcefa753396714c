import { describeDatabases } from '../../../support/databases.js';
import { useFaultScene } from '../../support/fault-scene.js';
import { killMidDelivery } from '../kill-rounds.js';

describeDatabases('a process killed by kill -9 mid-delivery, twenty times in a row', (database) => {
  const scene = useFaultScene(database, { timeoutMs: 600_000 });

  it('loses nothing, invents nothing, and repeats at most what was in flight', async () => {
    const { lost, phantoms, duplicates, inFlight } = await killMidDelivery(scene, 20);

    expect({ lost, phantoms }).toEqual({ lost: [], phantoms: [] });
    expect(duplicates.length).toBeLessThanOrEqual(inFlight);
  });

  it('would lose much, were the events only in its memory', async () => {
    const { lost } = await killMidDelivery(scene, 20, 'no-lease');
    expect(lost.length).toBeGreaterThanOrEqual(20);
  });
});
