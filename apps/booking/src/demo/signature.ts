import type { ReceivedRequest } from 'nestjs-webhooks/testing';
import { Webhook } from 'standardwebhooks';

function verifies(secret: string, body: string, headers: Readonly<Record<string, string>>): boolean {
  try {
    new Webhook(secret).verify(body, headers);
    return true;
  } catch {
    return false;
  }
}

/**
 * Whether the `standardwebhooks` package, which is not ours, takes the request for genuine, and no longer does after a
 * single character of the body has changed.
 */
export function isGenuine({ body, headers }: ReceivedRequest, secret: string): boolean {
  return verifies(secret, body, headers) && !verifies(secret, `${body.slice(0, -1)} `, headers);
}
