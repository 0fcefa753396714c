import type { JobView } from 'nestjs-webhooks';
import { JobsService } from 'nestjs-webhooks';
import type { Host } from './host.js';

/** Longer than a job ever waits between two looks. */
const A_LOOK_MS = 31_000;
const LOOKS = 200;

/** Lets time pass until a job is over, sending what is due. */
export async function over(host: Host, { id }: Pick<JobView, 'id'>, stepMs = A_LOOK_MS): Promise<JobView> {
  const jobs = host.get(JobsService);
  for (let look = 0; look < LOOKS; look++) {
    await host.webhooks.drain();
    const job = await jobs.get(id);
    if (job.finished_at !== null) return job;
    host.clock.advance(stepMs);
  }
  const said = host.logger.of('error').at(-1);
  throw new Error(`The job ${id} does not end (${said}): ${JSON.stringify(await jobs.get(id))}`);
}

/** From the beginning of all records. */
export const EVER = { since: '2020-01-01T00:00:00Z' };
