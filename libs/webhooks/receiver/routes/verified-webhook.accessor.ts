import { Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { SenderOptions } from '../senders.js';

/** What a route may decide for itself; what it leaves out the module decides. */
export interface VerifiedWebhookOptions extends SenderOptions {
  /** How far `webhook-timestamp` may be from now, in either direction, in milliseconds. @default the module's */
  readonly tolerance?: number;
  /** The route's name in the log and the replay memory: letters, digits and `_ . -`. @default 'ClassName.method' */
  readonly name?: string;
}

/** Key of the metadata that `@VerifiedWebhook()` writes. */
export const VERIFIED_WEBHOOK = 'nestjs-webhooks:verified-webhook';

/** Reads what `@VerifiedWebhook()` wrote. */
@Injectable()
export class VerifiedWebhookAccessor {
  constructor(private readonly reflector: Reflector) {}

  /** Undefined: the handler receives no webhooks. */
  optionsOf(handler: (...args: never[]) => unknown): VerifiedWebhookOptions | undefined {
    return this.reflector.get<VerifiedWebhookOptions | undefined>(VERIFIED_WEBHOOK, handler);
  }
}
