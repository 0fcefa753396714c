import type { ExecutionContext } from '@nestjs/common';
import { createParamDecorator } from '@nestjs/common';
import { WebhookNotVerifiedError } from './errors/webhook-not-verified-error.js';
import type { ReceivedWebhook } from './received-webhook.js';
import { verifiedMessageOf } from './verified-message.js';

/**
 * The verified webhook, or one of its fields, as a parameter of a `@VerifiedWebhook()` handler.
 *
 * @example
 * receive(@WebhookMessage() webhook: ReceivedWebhook<OrderTicketed>) { … }
 * @example
 * receive(@WebhookMessage('body', new ValidationPipe({ validateCustomDecorators: true })) event: OrderTicketed) { … }
 */
export const WebhookMessage = createParamDecorator(
  (field: keyof ReceivedWebhook | undefined, context: ExecutionContext): unknown => {
    const message = verifiedMessageOf(context.switchToHttp().getRequest<object>());
    if (!message) {
      throw new WebhookNotVerifiedError(`${context.getClass().name}.${context.getHandler().name}`);
    }
    return field === undefined ? message.webhook : message.webhook[field];
  },
);
