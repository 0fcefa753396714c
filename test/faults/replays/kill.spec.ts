import { describeDatabases } from '../../support/databases.js';
import { useFaultScene } from '../support/fault-scene.js';
import { killedReplay } from './killed-replay.js';

const EVENTS = 2_000;

describeDatabases('a replay of 2,000 events, killed by kill -9 in the middle', (database) => {
  const scene = useFaultScene(database, { timeoutMs: 240_000 });

  it('skips nothing, twice in a row, and repeats only what was in flight', async () => {
    const { lost, needless, job } = await killedReplay(scene, { events: EVENTS, kills: 2 });

    expect({ lost, needless }).toEqual({ lost: [], needless: [] });
    expect(job).toMatchObject({ state: 'done', matched: EVENTS, succeeded: EVENTS, failed: 0, canceled: 0 });
  });

  it('would skip events, were its cursor written before what it has passed', async () => {
    const { lost } = await killedReplay(scene, { events: EVENTS, kills: 1, mutant: 'cursor-before-rows' });
    expect(lost.length).toBeGreaterThan(0);
  });
});
