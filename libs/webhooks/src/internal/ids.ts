import { createHash, randomFillSync } from 'node:crypto';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const TIME_DIGITS = 10;
const MAX_TIME = 32 ** TIME_DIGITS - 1;
const POOL_SIZE = 4096;

const pool = Buffer.allocUnsafe(POOL_SIZE);
let used = POOL_SIZE;

function randomByte(): number {
  if (used === POOL_SIZE) {
    randomFillSync(pool);
    used = 0;
  }
  return pool[used++]!;
}

function encodeTime(ms: number): string {
  let text = '';
  for (let digits = 0, rest = ms; digits < TIME_DIGITS; digits++, rest = Math.floor(rest / 32)) {
    text = ALPHABET[rest % 32] + text;
  }
  return text;
}

/**
 * A sortable id: `prefix_` + 26 characters of Crockford base 32 (48 bits of time, 80 random bits; the layout of a ULID).
 * It holds no full stop, which Standard Webhooks forbids in a message id.
 */
export function newId(prefix: string, nowMs: number): string {
  let random = '';
  for (let digits = 0; digits < 16; digits++) random += ALPHABET[randomByte() & 31];
  return `${prefix}_${encodeTime(nowMs)}${random}`;
}

/** Less than or equal to every id of this instant or later, and greater than every earlier one. */
export function firstIdAt(prefix: string, ms: number): string {
  return `${prefix}_${encodeTime(Math.min(Math.max(0, Math.floor(ms)), MAX_TIME))}`;
}

/** Epoch milliseconds of an id. */
export function timeOfId(id: string): number {
  const digits = id.slice(id.indexOf('_') + 1).slice(0, TIME_DIGITS);
  return [...digits].reduce((ms, digit) => ms * 32 + ALPHABET.indexOf(digit), 0);
}

/**
 * The delivery of one event to one subscription has one id, whoever computes it: two processes that fan the same
 * event out meet in the same row. Sorts with its event.
 */
export function deliveryId(eventId: string, subscriptionId: string): string {
  const hash = createHash('sha256').update(eventId).update('\0').update(subscriptionId).digest();
  let digest = '';
  for (let digits = 0; digits < 16; digits++) digest += ALPHABET[hash[digits]! & 31];
  return `dlv_${eventId.slice(eventId.indexOf('_') + 1).slice(0, TIME_DIGITS)}${digest}`;
}
