import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { Injectable } from '@nestjs/common';
import { ReceiverOptionsError } from './errors/receiver-options-error.js';
import type { Handler } from './routes/route.registry.js';
import { RouteRegistry } from './routes/route.registry.js';
import { keepVerified } from './verified-message.js';
import type { WebhookRequest } from './webhook-request.js';
import { WebhookVerifier } from './webhook.verifier.js';

const LATE =
  'is none of the routes that were found when the application started: put @VerifiedWebhook() above decorators that replace the method';

/** Lets through what a known sender signed just now. `@VerifiedWebhook()` puts it on a route. */
@Injectable()
export class WebhookGuard implements CanActivate {
  constructor(
    private readonly routes: RouteRegistry,
    private readonly verifier: WebhookVerifier,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<WebhookRequest>();
    const route = this.routes.of(context.getClass(), context.getHandler() as Handler);
    if (!route)
      throw new ReceiverOptionsError(`${context.getClass().name}.${context.getHandler().name}`, LATE);
    keepVerified(request, await this.verifier.verify(request, route));
    return true;
  }
}
