import type { Type } from '@nestjs/common';
import { Inject, Injectable } from '@nestjs/common';
import { ReceiverOptionsError } from '../errors/receiver-options-error.js';
import type { FindSender } from '../senders.js';
import { senderFinder } from '../senders.js';
import { RECEIVER_SETTINGS } from '../webhook-receiver.module-definition.js';
import type { ReceiverSettings } from '../webhook-receiver.options.js';
import { requireTolerance } from '../webhook-receiver.options.js';
import type { VerifiedWebhookOptions } from './verified-webhook.accessor.js';

/** A route that receives webhooks, ready for requests. */
export interface ReceiverRoute {
  readonly name: string;
  readonly findSender: FindSender;
  /** In milliseconds. */
  readonly tolerance: number;
}

/** A handler, as Nest knows it. */
export type Handler = (...args: never[]) => unknown;

const NAME = /^[\w.-]{1,200}$/;

/** The routes that receive webhooks. Names are unique: they keep the replay memories of routes apart. */
@Injectable()
export class RouteRegistry {
  private readonly routes = new Map<Type, Map<Handler, ReceiverRoute>>();
  private readonly names = new Set<string>();

  constructor(@Inject(RECEIVER_SETTINGS) private readonly settings: ReceiverSettings) {}

  /** @throws ReceiverOptionsError, SecretInvalidError, PublicKeyInvalidError for a route that could not work. */
  add(type: Type, method: string, options: VerifiedWebhookOptions): void {
    const handler = (type.prototype as Record<string, Handler>)[method]!;
    const routes = this.routes.get(type) ?? new Map<Handler, ReceiverRoute>();
    if (routes.has(handler)) return;
    const place = `${type.name}.${method}`;
    const name = this.unusedName(options.name ?? place, place);
    const findSender = senderFinder(options, place) ?? this.settings.findSender;
    if (!findSender) {
      throw new ReceiverOptionsError(
        place,
        'has no keys: give "secrets", "publicKeys" or "sender" to @VerifiedWebhook() or to forRoot()',
      );
    }
    const tolerance = options.tolerance ?? this.settings.tolerance;
    requireTolerance(`the tolerance of ${place}`, tolerance, this.settings.replay);
    this.routes.set(type, routes.set(handler, { name, findSender, tolerance }));
  }

  /** The route of a handler; undefined if it was not there when the application started. */
  of(type: Type, handler: Handler): ReceiverRoute | undefined {
    return this.routes.get(type)?.get(handler);
  }

  private unusedName(name: string, place: string): string {
    if (!NAME.test(name)) {
      throw new ReceiverOptionsError(
        place,
        `has the name "${name}": use up to 200 letters, digits and _ . -`,
      );
    }
    if (this.names.has(name)) {
      throw new ReceiverOptionsError(
        place,
        `has the name "${name}", like another route: give one of them a "name"`,
      );
    }
    this.names.add(name);
    return name;
  }
}
