/**
 * The receiver, a process of its own: answers 200 to every POST on a number of ports and counts. It reads just enough of HTTP/1.1
 * on bare sockets, because a full server would be the bottleneck of the quicker clients.
 */
import { createServer } from 'node:net';
import { monotonicMs } from './monotonic.mjs';

const HEAD_END = '\r\n\r\n';
const LENGTH = /\r\ncontent-length: *(\d+)/i;
const ID = /\r\nwebhook-id: *(\S+)/i;
const BODY = '{"received":true}';
const PROGRESS_MS = 5;

let count = 0;
let countedFrom = 0;
let arrivals;
let idle = performance.eventLoopUtilization();
let answer;

function refreshAnswer() {
  const head = `HTTP/1.1 200 OK\r\ndate: ${new Date().toUTCString()}\r\ncontent-type: application/json\r\n`;
  answer = Buffer.from(`${head}content-length: ${BODY.length}\r\nconnection: keep-alive\r\n\r\n${BODY}`);
}

function bodyLength(head) {
  return Number(LENGTH.exec(head)?.[1] ?? 0);
}

function note(head) {
  count++;
  if (arrivals) arrivals[ID.exec(head)?.[1]] ??= monotonicMs();
}

/** Answers what is complete; gives what is left over of an incomplete request. */
function consume(socket, bytes) {
  let at = 0;
  while (at < bytes.length) {
    const headEnd = bytes.indexOf(HEAD_END, at);
    if (headEnd < 0) break;
    const head = bytes.latin1Slice(at, headEnd);
    const end = headEnd + HEAD_END.length + bodyLength(head);
    if (end > bytes.length) break;
    at = end;
    note(head);
    socket.write(answer);
  }
  return bytes.subarray(at);
}

function serve(socket) {
  let rest = Buffer.alloc(0);
  socket.setNoDelay(true);
  socket.on(
    'data',
    (chunk) => (rest = consume(socket, rest.length === 0 ? chunk : Buffer.concat([rest, chunk]))),
  );
  socket.on('error', () => socket.destroy());
}

/** Tells a client how many requests have arrived, so that it can keep the number under way steady. */
function tellProgress(socket) {
  let told = -1;
  const timer = setInterval(() => {
    if (count !== told) socket.write(`${(told = count)}\n`);
  }, PROGRESS_MS);
  socket.on('close', () => clearInterval(timer)).on('error', () => socket.destroy());
}

function listen(onSocket) {
  return new Promise((resolve, reject) => {
    const server = createServer(onSocket).once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve(server.address().port));
  });
}

/** Opens the ports; `progressPort` is where the count is told. */
export async function open({ endpoints }) {
  refreshAnswer();
  setInterval(refreshAnswer, 1_000).unref();
  const ports = [];
  for (let index = 0; index < endpoints; index++) ports.push(await listen(serve));
  const progressPort = await listen(tellProgress);
  return {
    address: () => ({ ports, progressPort }),
    /** Starts a count anew; `record` also keeps when each `webhook-id` arrived first, in milliseconds of the system's monotonic clock. */
    reset({ record = false } = {}) {
      countedFrom = count;
      arrivals = record ? {} : undefined;
      idle = performance.eventLoopUtilization();
    },
    /** What has come since: `busy` is the fraction of the time in which the receiver had something to do. */
    report: () => ({
      count: count - countedFrom,
      busy: performance.eventLoopUtilization(idle).utilization,
      arrivals,
    }),
  };
}
