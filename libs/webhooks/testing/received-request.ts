import type { IncomingMessage } from 'node:http';
import type { Behaviour } from './behaviour.js';

/**
 * A request as it arrived; it is what `verify()` takes.
 *
 * @example
 * verify(receiver.requests[0]!, secret); // null: genuine
 */
export interface ReceivedRequest {
  readonly method: string;
  /** With the query string. */
  readonly path: string;
  /** Lower-case names; repeated headers are joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  /** Names and values in turn, exactly as they came. */
  readonly rawHeaders: readonly string[];
  /** The exact text. */
  readonly body: string;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
  /** What was ordered to happen to it. */
  readonly behaviour: Behaviour;
}

function headersOf(message: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers)) {
    headers[name] = Array.isArray(value) ? value.join(', ') : (value ?? '');
  }
  return headers;
}

/** Reads a request to its end; null when the client gave up before. */
export async function readRequest(
  message: IncomingMessage,
): Promise<Omit<ReceivedRequest, 'behaviour'> | null> {
  const receivedAt = Date.now();
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of message) chunks.push(chunk as Buffer);
  } catch {
    return null;
  }
  return {
    method: message.method ?? '',
    path: message.url ?? '',
    headers: headersOf(message),
    rawHeaders: message.rawHeaders,
    body: Buffer.concat(chunks).toString('utf8'),
    receivedAt,
  };
}
