import { JobsService } from 'nestjs-webhooks';
import { TestClock } from 'nestjs-webhooks/testing';
import { describeDatabases } from '../support/databases.js';
import { over } from '../support/jobs.js';
import { OrderCreated } from '../support/order-events.js';
import { useStage } from '../support/stage.js';

const HOUR = 3_600_000;

/** Of a process whose clock is wrong by so many milliseconds; the database's is not. */
class WrongClock extends TestClock {
  constructor(private readonly wrongBy: number) {
    super();
  }

  override now(): number {
    return super.now() + this.wrongBy;
  }
}

describeDatabases('the range of a job', (database) => {
  const stage = useStage(database);

  it.each([-HOUR, HOUR])(
    'is told by the time of the database, not by a clock that is wrong by %i',
    async (ms) => {
      const host = await stage.host({ clock: new WrongClock(ms) });
      const jobs = host.get(JobsService);
      const { id, tenant } = await stage.subscribe(host);
      await host.webhooks.publish(OrderCreated.of('A'), { tenant });
      await host.webhooks.drain();
      const [{ created_at }] = (await host.dataSource.query('SELECT created_at FROM webhooks_events')) as [
        { created_at: string | number },
      ];
      const since = new Date(Number(created_at));
      host.clock.advance(1_000);

      const job = await over(host, await jobs.replay(id, { since, dry_run: true }));
      const ahead = jobs.replay(id, { since: new Date(since.getTime() + HOUR / 2), dry_run: true });

      expect(job).toMatchObject({ state: 'done', matched: 1 });
      expect(job.until).toBe(job.created_at);
      await expect(ahead).rejects.toMatchObject({ code: 'JOB_INVALID', path: 'since' });
      expect(await host.count('jobs')).toBe(1);
    },
  );

  it('ends now when it would end later', async () => {
    const host = await stage.host();
    const { id } = await stage.subscribe(host);

    const job = await host
      .get(JobsService)
      .replay(id, { since: '2020-01-01T00:00:00Z', until: '2999-01-01T00:00:00Z' });

    expect(job.until).toBe(job.created_at);
  });
});
