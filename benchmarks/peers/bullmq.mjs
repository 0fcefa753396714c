/** BullMQ on Redis: the job is added after the commit, since it cannot be added within; what crashes in between is lost. */
import { Queue, Worker } from 'bullmq';
import { DeliveryWork } from './delivery-work.mjs';
import { RedisMissingError, startRedis } from './redis.mjs';

const NAME = 'deliveries';
/** The exit code that says it. */
const REDIS_MISSING = 3;
const JOB = { attempts: 10, backoff: { type: 'exponential', delay: 5_000 }, removeOnComplete: true };

export async function open({ database, ports }) {
  const redis = await startRedis().catch((error) => {
    if (error instanceof RedisMissingError) process.exit(REDIS_MISSING);
    throw error;
  });
  const connection = { host: '127.0.0.1', port: redis.port, maxRetriesPerRequest: null };
  const work = await DeliveryWork.open(database, ports);
  const queue = new Queue(NAME, { connection, defaultJobOptions: JOB });
  const worker = new Worker(NAME, ({ data }) => work.deliver(data), { connection, concurrency: 64 });
  worker.on('completed', () => work.done());
  worker.on('failed', (_, error) => console.error(error));
  await worker.waitUntilReady();
  return {
    measure: (count) => work.measure(count, { after: (job) => queue.add('deliver', job) }),
    async close() {
      await worker.close();
      await queue.close();
      await work.close();
      redis.stop();
    },
  };
}
