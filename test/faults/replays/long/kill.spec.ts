import { describeDatabases } from '../../../support/databases.js';
import { useFaultScene } from '../../support/fault-scene.js';
import { killedReplay } from '../killed-replay.js';

const EVENTS = 50_000;

describeDatabases('a replay of 50,000 events, killed by kill -9 four times', (database) => {
  const scene = useFaultScene(database, { timeoutMs: 1_200_000 });

  it('skips nothing, and repeats only what was in flight', async () => {
    const { lost, needless, job } = await killedReplay(scene, { events: EVENTS, kills: 4 });

    expect({ lost, needless }).toEqual({ lost: [], needless: [] });
    expect(job).toMatchObject({ state: 'done', matched: EVENTS, succeeded: EVENTS, failed: 0, canceled: 0 });
  });
});
