import { insertBacklog } from '../support/bulk-rows.js';
import { describeDatabases } from '../support/databases.js';
import { useRace } from '../support/race.js';

const BACKLOG = 2_000;
const LOOK_MS = 3_000_000;

describeDatabases('a backlog', (database) => {
  const race = useRace(database);

  it.each([
    ['first attempts', 0],
    ['retries', 1],
    ['replays', 2],
  ])('of nothing but %s is sent after one look', async (_, priority) => {
    race.receiver.answerAll(204);
    const host = await race.host({ webhooks: { delivery: { sweepInterval: LOOK_MS } } });
    const { id } = await race.stage.subscribe(host, { url: race.receiver.url() });
    await insertBacklog(host, {
      count: BACKLOG,
      subscriptionIds: [id],
      dueIn: '-n',
      priority: String(priority),
    });

    host.clock.advance(LOOK_MS);
    await race.receiver.arrivedInAll(BACKLOG);

    expect(race.receiver.count).toBe(BACKLOG);
  });
});
