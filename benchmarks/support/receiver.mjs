/**
 * The receiver, a process of its own: answers 200 to every POST on a number of ports and counts; on others it never answers. It
 * reads just enough of HTTP/1.1 on bare sockets, because a full server would be the bottleneck of the quicker clients.
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
let duplicates = 0;
let lastAt = 0;
let answerAfterMs = 0;
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
  if (!arrivals) return;
  const id = ID.exec(head)?.[1];
  lastAt = monotonicMs();
  if (id in arrivals) duplicates++;
  else arrivals[id] = lastAt;
}

function reply(socket) {
  if (answerAfterMs === 0) socket.write(answer);
  else setTimeout(() => socket.writable && socket.write(answer), answerAfterMs);
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
    reply(socket);
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

const hanging = new Set();
let letsGo = false;

/** Takes everything in and never says a word. */
function hang(socket) {
  if (letsGo) return socket.destroy();
  hanging.add(socket);
  socket.resume();
  socket.on('error', () => socket.destroy()).on('close', () => hanging.delete(socket));
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

async function listenOn(number, onSocket) {
  const ports = [];
  for (let index = 0; index < number; index++) ports.push(await listen(onSocket));
  return ports;
}

/** Opens the ports; `progressPort` is where the count is told. */
export async function open({ endpoints, hangingEndpoints = 0, delayMs = 0 }) {
  answerAfterMs = delayMs;
  refreshAnswer();
  setInterval(refreshAnswer, 1_000).unref();
  const ports = await listenOn(endpoints, serve);
  const hangingPorts = await listenOn(hangingEndpoints, hang);
  const progressPort = await listen(tellProgress);
  return {
    address: () => ({ ports, hangingPorts, progressPort }),
    /** Starts a count anew; `record` also keeps when each `webhook-id` arrived first, in milliseconds of the system's monotonic clock. */
    reset({ record = false } = {}) {
      countedFrom = count;
      arrivals = record ? {} : undefined;
      duplicates = 0;
      idle = performance.eventLoopUtilization();
    },
    /** What has come since: `busy` is the fraction of the time in which the receiver had something to do. */
    report: () => ({
      count: count - countedFrom,
      busy: performance.eventLoopUtilization(idle).utilization,
      arrivals,
    }),
    /** The same without what has come when, since a recording began; `lastAt` is on the monotonic clock. */
    tally: () => ({ count: count - countedFrom, duplicates, lastAt, hanging: hanging.size }),
    /** Hangs up on whoever hangs, and on whoever comes. */
    letGo() {
      letsGo = true;
      for (const socket of hanging) socket.destroy();
    },
    /** Hangs from now on again. */
    holdOn() {
      letsGo = false;
    },
  };
}
