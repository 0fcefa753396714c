import { createHmac } from 'node:crypto';
import type { Message } from './receiver-app.js';

/** What a test wants of a message; the rest is right. */
export interface MessageWishes {
  readonly id?: string;
  /** Epoch milliseconds. */
  readonly at?: number;
  readonly body?: string | Buffer;
  readonly contentType?: string;
  /** Headers beside the signed ones. */
  readonly headers?: readonly (readonly [string, string])[];
  readonly path?: string;
}

let made = 0;

/** A `v1` signature, written down from the specification and not taken from the library. */
export function v1(secret: string, content: string | Buffer): string {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  return `v1,${createHmac('sha256', key).update(content).digest('base64')}`;
}

/** A genuine message, signed with each of the secrets. */
export function signedMessage(secrets: string | readonly string[], wishes: MessageWishes = {}): Message {
  const { id = `msg_${++made}`, at = Date.now(), body = '{"type":"test"}' } = wishes;
  const timestamp = String(Math.floor(at / 1_000));
  const content = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), Buffer.from(body)]);
  const signatures = [secrets].flat().map((secret) => v1(secret, content));
  return {
    headers: [
      ['content-type', wishes.contentType ?? 'application/json'],
      ['webhook-id', id],
      ['webhook-timestamp', timestamp],
      ['webhook-signature', signatures.join(' ')],
      ...(wishes.headers ?? []),
    ],
    body,
    ...(wishes.path !== undefined && { path: wishes.path }),
  };
}

/** The same message with another value of one header; null takes the header away. */
export function withHeader(message: Message, name: string, value: string | null): Message {
  const others = message.headers.filter(([header]) => header !== name);
  return { ...message, headers: value === null ? others : [...others, [name, value] as const] };
}

/** The value of a header. */
export function headerOf(message: Message, name: string): string {
  return message.headers.find(([header]) => header === name)![1];
}
