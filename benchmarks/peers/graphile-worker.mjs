/** Graphile Worker: the job is added in the transaction. Batches as its page on performance recommends. */
import { Logger, run } from 'graphile-worker';
import { DeliveryWork } from './delivery-work.mjs';

const ADD = `SELECT graphile_worker.add_job('deliver', $1::json, max_attempts := 10)`;
const BATCHES = { localQueue: { size: 500 }, completeJobBatchDelay: 0, failJobBatchDelay: 0 };
const CONCURRENCY = 64;

export async function open({ database, ports }) {
  const work = await DeliveryWork.open(database, ports);
  const worker = {
    connectionString: database.url,
    concurrentJobs: CONCURRENCY,
    maxPoolSize: CONCURRENCY + 2,
  };
  const runner = await run({
    preset: { worker: { ...worker, ...BATCHES } },
    taskList: { deliver: (job) => work.deliver(job) },
    logger: new Logger(() => () => undefined),
    noHandleSignals: true,
  });
  runner.events.on('job:success', () => work.done());
  runner.events.on('job:error', ({ error }) => console.error(error));
  return {
    measure: (count) =>
      work.measure(count, { enqueue: (job, manager) => manager.query(ADD, [JSON.stringify(job)]) }),
    async close() {
      await runner.stop();
      await work.close();
    },
  };
}
