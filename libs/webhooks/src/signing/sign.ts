import { createHmac } from 'node:crypto';

/**
 * The value of the `webhook-signature` header (Standard Webhooks): for each key `v1,` and the base64 of the
 * HMAC-SHA256 over `messageId.timestamp.body`, separated by blanks. Several keys sign while a secret is rotated.
 *
 * @example
 * sign('evt_01', 1700000000, '{}', [parseSecret(secret)]); // 'v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4='
 */
export function sign(
  messageId: string,
  timestampSeconds: number,
  body: string | Buffer,
  keys: readonly Buffer[],
): string {
  const prefix = `${messageId}.${timestampSeconds}.`;
  let signatures = '';
  for (const key of keys) {
    const digest = createHmac('sha256', key).update(prefix).update(body).digest('base64');
    signatures += signatures === '' ? `v1,${digest}` : ` v1,${digest}`;
  }
  return signatures;
}
