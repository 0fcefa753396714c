import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type Answer, type Behaviour, isMisbehaviour, type Misbehaviour } from './behaviour.js';

const CHUNK = Buffer.alloc(16_384, 'x');
const EARLY_HINTS = { link: '</style.css>; rel=preload; as=style' };

function answer(response: ServerResponse, { status, headers = {}, body, delayMs = 0 }: Answer): void {
  const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
  const write = (): void => {
    response.writeHead(status ?? (body === undefined ? 204 : 200), { ...length, ...headers }).end(body);
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

function pour(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'content-type': 'text/plain' });
  const more = (): void => {
    while (!response.destroyed && response.write(CHUNK));
  };
  response.on('drain', more);
  more();
}

function hint(response: ServerResponse, socket: Socket, repeat: boolean): void {
  response.writeEarlyHints(EARLY_HINTS);
  if (repeat) every(socket, 20, () => response.writeEarlyHints(EARLY_HINTS));
  else answer(response, { body: 'ok' });
}

function raw(socket: Socket, bytes: string | Buffer, open: boolean): void {
  if (open) socket.write(bytes);
  else socket.end(bytes);
}

type Performer<M extends Misbehaviour> = (behaviour: M, response: ServerResponse, socket: Socket) => void;

const PERFORMERS: { readonly [K in Misbehaviour['kind']]: Performer<Extract<Misbehaviour, { kind: K }>> } = {
  hang: () => undefined,
  reset: (_behaviour, _response, socket) => socket.resetAndDestroy(),
  drip: ({ status, intervalMs }, response, socket) => drip(response, socket, status ?? 200, intervalMs ?? 20),
  'half-body': ({ status }, _response, socket) =>
    raw(socket, `HTTP/1.1 ${status ?? 200} Half\r\ncontent-length: 100\r\n\r\nonly half`, false),
  'endless-body': ({ status }, response) => pour(response, status ?? 200),
  garbage: (_behaviour, _response, socket) => raw(socket, 'this is not HTTP at all\r\n\r\n', false),
  redirect: ({ to }, response) => answer(response, { status: 302, headers: { location: to } }),
  upgrade: (_behaviour, _response, socket) =>
    raw(socket, 'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: chat\r\n\r\n', true),
  'early-hints': ({ repeat }, response, socket) => hint(response, socket, repeat === true),
  raw: ({ bytes, open }, _response, socket) => raw(socket, bytes, open === true),
};

/** Does with a request what was ordered. */
export function behave(behaviour: Behaviour, response: ServerResponse): void {
  if (typeof behaviour === 'number') return answer(response, { status: behaviour });
  if (!isMisbehaviour(behaviour)) return answer(response, behaviour);
  const { socket } = response;
  if (socket === null) return;
  const perform = PERFORMERS[behaviour.kind] as Performer<Misbehaviour>;
  perform(behaviour, response, socket);
}
