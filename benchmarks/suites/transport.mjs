import { atLeast } from '../support/bars.mjs';
import { between, median, summary } from '../support/statistics.mjs';

const WAYS = [
  { name: 'HttpService.request()', way: 'request', bar: atLeast(0.8) },
  { name: 'as the engine calls it', way: 'send' },
];

async function repeat({ raw, client }, effort) {
  const run = {};
  for (const { way } of WAYS) {
    const before = await raw.call('measure', effort.requests);
    const own = await client.call('measure', effort.requests, way);
    const after = await raw.call('measure', effort.requests);
    const rawRate = between(before.rate, after.rate);
    run[way] = { ...own, rawRate, rawCpuUs: after.cpuUs, ratio: own.rate / rawRate };
  }
  return run;
}

function rowOf({ name, way, bar }, runs) {
  const middle = (field) => Math.round(median(runs.map((run) => run[way][field])));
  return {
    name,
    ratio: summary(runs.map((run) => run[way].ratio)),
    bar,
    information: `${middle('rate')}/s of ${middle('rawRate')}/s, ${middle('cpuUs')} µs CPU, raw ${middle('rawCpuUs')}`,
  };
}

/** The transport alone beside the raw client. */
export async function run({ children, databases, effort, note }) {
  const receiver = await children.start('receiver', 'support/receiver.mjs', { endpoints: effort.endpoints });
  const { ports } = await receiver.call('address');
  const raw = await children.start('raw', 'contenders/raw-client.mjs', { ports });
  const database = await databases.fresh('sqlite');
  const client = await children.start('transport', 'contenders/transport-client.mjs', { database, ports });
  note('transport: warming up');
  await repeat({ raw, client }, effort);
  const runs = [];
  for (let repetition = 1; repetition <= effort.repetitions; repetition++) {
    note(`transport: ${repetition} of ${effort.repetitions}`);
    runs.push(await repeat({ raw, client }, effort));
  }
  return {
    groups: [
      {
        title: 'Requests per second through the transport ÷ raw POSTs per second',
        rows: WAYS.map((way) => rowOf(way, runs)),
      },
    ],
    notes: [],
  };
}
