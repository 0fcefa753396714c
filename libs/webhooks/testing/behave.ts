import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type Answer, type Behaviour, isMisbehaviour, type Misbehaviour } from './behaviour.js';
import { gzipOf, headersOfSize, pour, send } from './large-answers.js';

const EARLY_HINTS = { link: '</style.css>; rel=preload; as=style' };
const HUGE = 100_000_000;
const TOO_MUCH_OF_A_HEAD = 65_536;
const READ_WITHIN_MS = 20;

/** Connections that are to break when the next request comes. */
const doomed = new WeakSet<Socket>();

function answer(response: ServerResponse, { until, ...now }: Answer): void {
  if (until === undefined) return answerNow(response, now);
  until.then(
    () => answerNow(response, now),
    () => undefined,
  );
}

function answerNow(response: ServerResponse, { status, headers = {}, body, delayMs = 0 }: Answer): void {
  const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
  const all = { ...length, ...headers } as OutgoingHttpHeaders;
  const write = (): void => {
    response.writeHead(status ?? (body === undefined ? 204 : 200), all).end(body);
  };
  if (delayMs <= 0) return write();
  const timer = setTimeout(write, delayMs);
  response.once('close', () => clearTimeout(timer));
}

/** Repeats until the connection is closed. */
function every(socket: Socket, intervalMs: number, action: () => void): void {
  const timer = setInterval(action, intervalMs);
  socket.once('close', () => clearInterval(timer));
}

function drip(response: ServerResponse, socket: Socket, status: number, intervalMs: number): void {
  response.writeHead(status, { 'content-type': 'text/plain' }).write('.');
  every(socket, intervalMs, () => response.write('.'));
}

function interim(
  { status, repeat }: { status?: number; repeat?: boolean },
  { response, socket, write }: { response: ServerResponse; socket: Socket; write: () => void },
): void {
  write();
  if (repeat === true) every(socket, 20, write);
  else answer(response, { status: status ?? 200, body: 'ok' });
}

function raw(socket: Socket, bytes: string | Buffer, open: boolean): void {
  if (open) socket.write(bytes);
  else socket.end(bytes);
}

// A reset that overtakes what was written looks like a polite end to whoever has not read it yet; who is in this very
// process reads between the timer and its reset, however late that is.
function reset(socket: Socket, status: number, after: 'request' | 'headers' | 'body' = 'request'): void {
  if (after === 'request') return void socket.resetAndDestroy();
  const head = `HTTP/1.1 ${status} Reset\r\ncontent-length: 100\r\n\r\n`;
  socket.write(after === 'headers' ? head : `${head}only half`);
  setTimeout(() => setImmediate(() => socket.resetAndDestroy()), READ_WITHIN_MS);
}

type Performer<M extends Misbehaviour> = (behaviour: M, response: ServerResponse, socket: Socket) => void;

const PERFORMERS: { readonly [K in Misbehaviour['kind']]: Performer<Extract<Misbehaviour, { kind: K }>> } = {
  hang: () => undefined,
  close: (_behaviour, _response, socket) => socket.end(),
  reset: ({ status, after }, _response, socket) => reset(socket, status ?? 200, after),
  'reset-reused': ({ status }, response, socket) => {
    doomed.add(socket);
    answer(response, { status: status ?? 200, body: 'ok' });
  },
  drip: ({ status, intervalMs }, response, socket) => drip(response, socket, status ?? 200, intervalMs ?? 20),
  'half-body': ({ status }, _response, socket) =>
    raw(socket, `HTTP/1.1 ${status ?? 200} Half\r\ncontent-length: 100\r\n\r\nonly half`, false),
  'endless-body': ({ status }, response) => pour(response, status ?? 200, Infinity),
  'large-body': ({ status, bytes }, response) => pour(response, status ?? 200, bytes ?? HUGE),
  'gzip-bomb': ({ status, bytes }, response) => send(response, status ?? 200, gzipOf(bytes ?? HUGE)),
  'large-headers': ({ status, bytes }, response) =>
    answer(response, {
      status: status ?? 200,
      headers: headersOfSize(bytes ?? TOO_MUCH_OF_A_HEAD),
      body: 'ok',
    }),
  garbage: (_behaviour, _response, socket) => raw(socket, 'this is not HTTP at all\r\n\r\n', false),
  redirect: ({ to, status }, response) =>
    answer(response, { status: status ?? 302, headers: { location: to } }),
  upgrade: (_behaviour, _response, socket) =>
    raw(socket, 'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: chat\r\n\r\n', true),
  continue: (options, response, socket) =>
    interim(options, { response, socket, write: () => response.writeContinue() }),
  'early-hints': (options, response, socket) =>
    interim(options, { response, socket, write: () => response.writeEarlyHints(EARLY_HINTS) }),
  raw: ({ bytes, open }, _response, socket) => raw(socket, bytes, open === true),
};

/** Breaks a connection that was ordered to break at this moment; true when it did. */
export function breakIfOrdered(socket: Socket): boolean {
  if (!doomed.has(socket)) return false;
  socket.resetAndDestroy();
  return true;
}

/** Does with a request what was ordered. */
export function behave(behaviour: Behaviour, response: ServerResponse): void {
  if (typeof behaviour === 'number') return answer(response, { status: behaviour });
  if (!isMisbehaviour(behaviour)) return answer(response, behaviour);
  const { socket } = response;
  if (socket === null) return;
  const perform = PERFORMERS[behaviour.kind] as Performer<Misbehaviour>;
  perform(behaviour, response, socket);
}
