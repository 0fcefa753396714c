import type { KeyObject } from 'node:crypto';
import { timingSafeEqual, verify as verifyBytes } from 'node:crypto';
import { sign } from './sign.js';
import type { VerificationKeys } from './verification-keys.js';

/** A request as a receiver sees it: lower-case header names, the body's exact text or bytes. */
export interface SignedMessage {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string | Buffer;
}

/** Why a message is not to be trusted. */
export type VerificationFailure =
  | 'header-missing'
  | 'id-invalid'
  | 'timestamp-invalid'
  | 'too-many-signatures'
  | 'timestamp-out-of-tolerance'
  | 'no-match';

/** Against what a message is checked. */
export interface VerificationTerms {
  readonly keys: VerificationKeys;
  readonly nowMs: number;
  /** How far the timestamp may be from now, in either direction. */
  readonly toleranceMs: number;
}

/** The parts of a message that are signed, and its signatures. */
interface Parts {
  readonly id: string;
  readonly timestamp: string;
  readonly body: string | Buffer;
  readonly signatures: readonly string[];
}

// No full stop: with one in the id, "id.timestamp.body" could be cut in two ways.
const ID = /^[\x21-\x2d\x2f-\x7e]{1,255}$/;
// No sign, no leading zeros: exactly one text for each instant.
const TIMESTAMP = /^(0|[1-9]\d{0,14})$/;
/** A stranger's list makes work: each ed25519 check takes about a tenth of a millisecond. */
const MAX_SIGNATURES = 32;
const ED25519_BYTES = 64;

function valuesOf(signatures: readonly string[], version: string): string[] {
  const prefix = `${version},`;
  return signatures.filter((text) => text.startsWith(prefix)).map((text) => text.slice(prefix.length));
}

function equal(expected: string, given: string): boolean {
  const left = Buffer.from(expected);
  const right = Buffer.from(given);
  return left.length === right.length && timingSafeEqual(left, right);
}

function fitsSecret({ id, timestamp, body, signatures }: Parts, secrets: readonly KeyObject[]): boolean {
  const given = valuesOf(signatures, 'v1');
  if (given.length === 0) return false;
  const expected = valuesOf(sign(id, Number(timestamp), body, secrets).split(' '), 'v1');
  return expected.some((digest) => given.some((value) => equal(digest, value)));
}

function signatureBytes(value: string): Buffer | undefined {
  const bytes = Buffer.from(value, 'base64');
  return bytes.length === ED25519_BYTES && bytes.toString('base64') === value ? bytes : undefined;
}

function fitsPublicKey({ id, timestamp, body, signatures }: Parts, keys: readonly KeyObject[]): boolean {
  const given = valuesOf(signatures, 'v1a').flatMap((value) => signatureBytes(value) ?? []);
  if (given.length === 0 || keys.length === 0) return false;
  const content = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), Buffer.from(body)]);
  return keys.some((key) => given.some((signature) => verifyBytes(null, content, key, signature)));
}

function checkForm({ id, timestamp, signatures }: Parts): VerificationFailure | null {
  if (!ID.test(id)) return 'id-invalid';
  if (!TIMESTAMP.test(timestamp)) return 'timestamp-invalid';
  return signatures.length > MAX_SIGNATURES ? 'too-many-signatures' : null;
}

/** Checks the form, the timestamp and the signatures of a message. Null: one of the keys signed it, just now. */
export function checkMessage(
  { headers, body }: SignedMessage,
  { keys, nowMs, toleranceMs }: VerificationTerms,
): VerificationFailure | null {
  const id = headers['webhook-id'];
  const timestamp = headers['webhook-timestamp'];
  const list = headers['webhook-signature'];
  if (!id || !timestamp || !list) return 'header-missing';

  const parts = { id, timestamp, body, signatures: list.split(' ', MAX_SIGNATURES + 1) };
  const malformed = checkForm(parts);
  if (malformed !== null) return malformed;
  if (Math.abs(nowMs - Number(timestamp) * 1_000) > toleranceMs) return 'timestamp-out-of-tolerance';
  return fitsSecret(parts, keys.secrets) || fitsPublicKey(parts, keys.publicKeys) ? null : 'no-match';
}
