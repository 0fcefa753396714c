import type { DynamicModule } from '@nestjs/common';
import { Module } from '@nestjs/common';
import { RouterModule } from '@nestjs/core';
import { AccessGuard } from './access/access.guard.js';
import { accessProvider } from './access/access.provider.js';
import { EventTypesController } from './event-types/event-types.controller.js';
import { OpenApiController } from './openapi/openapi.controller.js';
import { OpenApiDocument } from './openapi/openapi-document.service.js';
import { ProblemFilter } from './problems/problem.filter.js';
import { SubscriptionStatesController } from './subscriptions/subscription-states.controller.js';
import { SubscriptionsController } from './subscriptions/subscriptions.controller.js';
import { TrialsController } from './trials/trials.controller.js';
import type { WebhooksApiOptions } from './webhooks-api.options.js';

/**
 * The REST API of `nestjs-webhooks`, beside its `WebhooksModule`.
 *
 * @example
 * imports: [
 *   WebhooksModule.forRoot(),
 *   WebhooksApiModule.register({ access: new SignedAccess({ current: process.env.WEBHOOKS_TOKEN_KEY! }) }),
 * ]
 */
@Module({})
export class WebhooksApiModule {
  /** @throws AccessInvalidError when nothing says who may use it */
  static register({ path = 'webhooks', imports = [], ...options }: WebhooksApiOptions): DynamicModule {
    return {
      module: WebhooksApiModule,
      imports: [...imports, RouterModule.register([{ path, module: WebhooksApiModule }])],
      providers: [accessProvider(options), AccessGuard, ProblemFilter, OpenApiDocument],
      controllers: [
        EventTypesController,
        OpenApiController,
        SubscriptionsController,
        SubscriptionStatesController,
        TrialsController,
      ],
    };
  }
}
