import type { Clock } from '../src/internal/clock.js';
import { ReceiverOptionsError } from './errors/receiver-options-error.js';
import { MemoryReplayStore } from './replay/memory-replay-store.js';
import type { ReplayStore } from './replay/replay-store.js';
import type { FindSender, SenderOptions } from './senders.js';
import { senderFinder } from './senders.js';

/** How handled webhooks are remembered. All times in milliseconds. */
export interface ReplayOptions {
  /** Where. @default a MemoryReplayStore: this process only, until it ends */
  readonly store?: ReplayStore;
  /** For how long after they were handled; longer than the sender goes on retrying. @default 7 days */
  readonly rememberFor?: number;
  /** After how long another process may handle what a crashed one left; renewed while a handler runs. @default 60000 */
  readonly claimFor?: number;
}

/** What `WebhookReceiverModule.forRoot()` takes. A route may have its own senders and tolerance. */
export interface WebhookReceiverOptions extends SenderOptions {
  /** How far `webhook-timestamp` may be from now, in either direction, in milliseconds. @default 300000 */
  readonly tolerance?: number;
  /** The memory against replays and duplicates; false: every verified request reaches its handler. @default {} */
  readonly replay?: ReplayOptions | false;
}

/** The replay memory with every default filled in. */
export type ReplaySettings = Required<ReplayOptions>;

/** The options with every default filled in. */
export interface ReceiverSettings {
  /** Of the routes that name none themselves. */
  readonly findSender: FindSender | undefined;
  readonly tolerance: number;
  readonly replay: ReplaySettings | null;
}

const SECOND = 1_000;
const DEFAULT_TOLERANCE = 300 * SECOND;
const REMEMBER_FOR = 7 * 24 * 3_600 * SECOND;
const CLAIM_FOR = 60 * SECOND;

function requireTime(option: string, value: number): void {
  if (Number.isFinite(value) && value >= SECOND) return;
  throw new ReceiverOptionsError(option, `is ${String(value)}; it must be at least 1000, in milliseconds`);
}

/** Refuses what is no time, a number of seconds where milliseconds are meant, and more than the memory is good for. */
export function requireTolerance(option: string, tolerance: number, replay: ReplaySettings | null): void {
  requireTime(option, tolerance);
  // A request may come with a timestamp that far in the future, and be good until that far after it.
  if (replay !== null && replay.rememberFor < 2 * tolerance) {
    throw new ReceiverOptionsError(
      'replay.rememberFor',
      `is ${replay.rememberFor} ms; it must be at least twice ${option} (${tolerance}), or a request could be replayed`,
    );
  }
}

function replaySettings(options: ReplayOptions, clock: Clock): ReplaySettings {
  const {
    store = new MemoryReplayStore({ clock }),
    rememberFor = REMEMBER_FOR,
    claimFor = CLAIM_FOR,
  } = options;
  requireTime('replay.claimFor', claimFor);
  requireTime('replay.rememberFor', rememberFor);
  return { store, rememberFor, claimFor };
}

/** Fills the defaults and refuses what cannot work. */
export function receiverSettings(options: WebhookReceiverOptions, clock: Clock): ReceiverSettings {
  const { tolerance = DEFAULT_TOLERANCE } = options;
  const replay = options.replay === false ? null : replaySettings(options.replay ?? {}, clock);
  requireTolerance('tolerance', tolerance, replay);
  return { findSender: senderFinder(options, 'forRoot()'), tolerance, replay };
}
