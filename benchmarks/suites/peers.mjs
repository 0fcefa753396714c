import { installPeers } from '../peers/install.mjs';
import { atLeast } from '../support/bars.mjs';
import { between, median, summary } from '../support/statistics.mjs';

const BAR = atLeast(1.2);
const PEERS = [
  { name: 'BullMQ and Redis', module: 'peers/bullmq.mjs' },
  { name: 'Graphile Worker', module: 'peers/graphile-worker.mjs' },
];
const NO_REDIS =
  'no redis-server on the PATH: the package redis-server of Debian and Ubuntu, redis of Homebrew';

async function startPeer({ children, databases }, { name, module }, ports) {
  try {
    const database = await databases.fresh('postgres');
    return await children.start(name, module, { database, ports });
  } catch (error) {
    if (name.includes('Redis') && error.message.includes('exit code 3')) return undefined;
    throw error;
  }
}

async function repeat({ own, peers }, effort) {
  let before = await own.call('measure', effort.deliveries);
  for (const { child, runs } of peers.filter((peer) => peer.child)) {
    const peer = await child.call('measure', effort.peerDeliveries);
    const after = await own.call('measure', effort.deliveries);
    const ownRate = between(before.rate, after.rate);
    runs.push({ rate: peer.rate, ownRate, ratio: ownRate / peer.rate });
    before = after;
  }
}

function rowOf({ name, child, runs }) {
  if (!child) return { name, bar: BAR, information: NO_REDIS };
  const perSecond = (field) => Math.round(median(runs.map((run) => run[field])));
  const information = `${perSecond('ownRate')}/s, the peer ${perSecond('rate')}/s`;
  return { name, ratio: summary(runs.map(({ ratio }) => ratio)), bar: BAR, information };
}

async function measured(context) {
  const { children, databases, effort, note } = context;
  note('peers: installing');
  await installPeers();
  const receiver = await children.start('receiver', 'support/receiver.mjs', { endpoints: effort.endpoints });
  const address = await receiver.call('address');
  const options = { database: await databases.fresh('postgres'), ...address };
  const own = await children.start('own', 'contenders/delivery-app.mjs', options);
  const peers = [];
  for (const peer of PEERS) {
    note(`peers: starting ${peer.name}`);
    peers.push({ ...peer, child: await startPeer(context, peer, address.ports), runs: [] });
  }
  note('peers: warming up');
  await repeat({ own, peers }, effort);
  for (const { runs } of peers) runs.length = 0;
  for (let repetition = 1; repetition <= effort.repetitions; repetition++) {
    note(`peers: ${repetition} of ${effort.repetitions}`);
    await repeat({ own, peers }, effort);
  }
  return peers.map(rowOf);
}

/** Job queues that do the same durable work: business row, job, render, sign, POST, and the attempt on record in PostgreSQL. */
export async function run(context) {
  const { withPeers } = context;
  const hint = 'npm run bench -- --peers';
  const rows = withPeers
    ? await measured(context)
    : PEERS.map(({ name }) => ({ name, bar: BAR, information: hint }));
  const title =
    'Deliveries per second in the app’s transactions on PostgreSQL ÷ the same work with a job queue';
  const notes = withPeers
    ? [
        'Redis: appendonly yes, appendfsync everysec, noeviction, as BullMQ’s guide to production asks. Its job is added behind the commit.',
      ]
    : [];
  return { groups: [{ title, rows }], notes };
}
