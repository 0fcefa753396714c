import { createHmac, createSecretKey, sign as signAsymmetric, type KeyObject } from 'node:crypto';
import { isPrivateKey, parsePrivateKey } from './private-key.js';
import { parseSecret } from './secret.js';

/**
 * What signs for a signing secret: `whsec_…` makes `v1` signatures, `whsk_…` makes `v1a` ones.
 *
 * @throws SecretInvalidError
 */
export function signingKey(secret: string): KeyObject {
  return isPrivateKey(secret) ? parsePrivateKey(secret) : createSecretKey(parseSecret(secret));
}

/**
 * The value of the `webhook-signature` header (Standard Webhooks), one signature of `messageId.timestamp.body` for each
 * key, separated by blanks: `v1,` and the base64 of an HMAC-SHA256, or `v1a,` and the base64 of an ed25519 signature.
 * Several keys sign while a secret is rotated.
 *
 * @example
 * sign('evt_01', 1700000000, '{}', [signingKey(secret)]); // 'v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4='
 */
export function sign(
  messageId: string,
  timestampSeconds: number,
  body: string | Buffer,
  keys: readonly KeyObject[],
): string {
  const prefix = `${messageId}.${timestampSeconds}.`;
  let signatures = '';
  for (const key of keys) {
    const signature =
      key.type === 'secret' ? sharedSignature(prefix, body, key) : ownSignature(prefix, body, key);
    signatures += signatures === '' ? signature : ` ${signature}`;
  }
  return signatures;
}

function sharedSignature(prefix: string, body: string | Buffer, key: KeyObject): string {
  return `v1,${createHmac('sha256', key).update(prefix).update(body).digest('base64')}`;
}

function ownSignature(prefix: string, body: string | Buffer, key: KeyObject): string {
  const message = Buffer.concat([Buffer.from(prefix), typeof body === 'string' ? Buffer.from(body) : body]);
  return `v1a,${signAsymmetric(null, message, key).toString('base64')}`;
}
