import { Server } from 'node:http';
import { Client } from 'pg';

/**
 * Makes every run another one, as busy machines do: connections to PostgreSQL have a pace of their own, receivers take their
 * time, and now and then the process stands still. What a test says must not depend on any of it: see `npm run test:jitter`.
 */
const PACES_MS = [0, 0, 0, 4, 4, 4, 4, 25, 25];
const NEW_PACE = 0.05;
const SLOW_ANSWERS = 0.4;
const ANSWER_MS = 20;
const STALL_EVERY_MS = 1_500;
const STALL_MS = 80;

const startTimer = setTimeout;
const upTo = (ms: number): number => Math.random() * ms;
const pause = (ms: number): Promise<void> => new Promise((resolve) => void startTimer(resolve, ms));

type Query = (this: Client, ...args: unknown[]) => unknown;

interface Turn {
  paceMs: number;
  last: Promise<void>;
}

const turns = new WeakMap<Client, Turn>();

/** When the next statement of a connection may go: after the one before, and a while later. */
function turnOf(client: Client): Promise<void> {
  const turn = turns.get(client) ?? { paceMs: -1, last: Promise.resolve() };
  if (turn.paceMs < 0 || Math.random() < NEW_PACE) turn.paceMs = PACES_MS[Math.floor(upTo(PACES_MS.length))]!;
  const { paceMs } = turn;
  turn.last = turn.last.then(() => (paceMs > 0 ? pause(upTo(paceMs)) : undefined));
  turns.set(client, turn);
  return turn.last;
}

function slowDown(query: Query): Query {
  return function (...args) {
    const isSubmittable = typeof (args[0] as { submit?: unknown } | undefined)?.submit === 'function';
    if (isSubmittable) return query.apply(this, args);
    const run = turnOf(this).then(() => query.apply(this, args));
    return args.some((arg) => typeof arg === 'function') ? undefined : run;
  };
}

const connections = Client.prototype as unknown as { query: Query };
connections.query = slowDown(connections.query);

const receivers = Server.prototype as unknown as { emit: (...args: unknown[]) => boolean };
const { emit } = receivers;
receivers.emit = function (...args) {
  if (args[0] !== 'request' || Math.random() > SLOW_ANSWERS) return emit.apply(this, args);
  startTimer(() => emit.apply(this, args), upTo(ANSWER_MS));
  return true;
};

function standStillNowAndThen(): void {
  const timer = startTimer(() => {
    for (const end = performance.now() + upTo(STALL_MS); performance.now() < end;);
    standStillNowAndThen();
  }, upTo(STALL_EVERY_MS));
  timer.unref();
}
standStillNowAndThen();
