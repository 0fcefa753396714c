import type { DynamicModule, NestModule } from '@nestjs/common';
import { Module } from '@nestjs/common';
import { RouterModule } from '@nestjs/core';
import { AccessGuard } from './access/access.guard.js';
import { accessProvider } from './access/access.provider.js';
import { EventTypesController } from './event-types/event-types.controller.js';
import { DeliveriesController } from './history/deliveries.controller.js';
import { EventsController } from './history/events.controller.js';
import { JobsController } from './history/jobs.controller.js';
import { StatsController } from './history/stats.controller.js';
import { OpenApiController } from './openapi/openapi.controller.js';
import { OpenApiDocument } from './openapi/openapi-document.service.js';
import { API_PATH, RequestBodies } from './platform/request-bodies.service.js';
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
export class WebhooksApiModule implements NestModule {
  constructor(private readonly bodies: RequestBodies) {}

  // The one moment between the making of the controllers and the binding of their routes.
  configure(): void {
    this.bodies.prepare();
  }

  /** @throws AccessInvalidError when nothing says who may use it */
  static register({ path = 'webhooks', imports = [], ...options }: WebhooksApiOptions): DynamicModule {
    return {
      module: WebhooksApiModule,
      imports: [...imports, RouterModule.register([{ path, module: WebhooksApiModule }])],
      providers: [
        { provide: API_PATH, useValue: path },
        accessProvider(options),
        ...[AccessGuard, ProblemFilter, RequestBodies, OpenApiDocument],
      ],
      controllers: [
        EventTypesController,
        OpenApiController,
        SubscriptionsController,
        SubscriptionStatesController,
        TrialsController,
        EventsController,
        DeliveriesController,
        JobsController,
        StatsController,
      ],
    };
  }
}
