import { applyDecorators, SetMetadata, UseGuards, UseInterceptors } from '@nestjs/common';
import { ReplayInterceptor } from './replay/replay.interceptor.js';
import type { VerifiedWebhookOptions } from './routes/verified-webhook.accessor.js';
import { VERIFIED_WEBHOOK } from './routes/verified-webhook.accessor.js';
import { WebhookGuard } from './webhook.guard.js';

/**
 * Makes a handler a receiver of Standard Webhooks: only what a known sender signed within the tolerance reaches it, and each
 * message once. Whatever is wrong is answered with 400, 401 or 409; a message that was handled before, like the first time.
 *
 * @example
 * @Post('hooks')
 * @VerifiedWebhook()
 * receive(@WebhookMessage() webhook: ReceivedWebhook<OrderTicketed>) { … }
 */
export function VerifiedWebhook(options: VerifiedWebhookOptions = {}): MethodDecorator {
  return applyDecorators(
    SetMetadata(VERIFIED_WEBHOOK, options),
    UseGuards(WebhookGuard),
    UseInterceptors(ReplayInterceptor),
  );
}
