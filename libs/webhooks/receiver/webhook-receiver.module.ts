import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Clock, SystemClock } from '../src/internal/clock.js';
import { ReplayMemory } from './replay/replay.memory.js';
import { ReceiverExplorer } from './routes/receiver.explorer.js';
import { RouteRegistry } from './routes/route.registry.js';
import { VerifiedWebhookAccessor } from './routes/verified-webhook.accessor.js';
import {
  ConfigurableModuleClass,
  MODULE_OPTIONS_TOKEN,
  RECEIVER_SETTINGS,
} from './webhook-receiver.module-definition.js';
import { receiverSettings } from './webhook-receiver.options.js';
import { WebhookVerifier } from './webhook.verifier.js';

/**
 * Receives Standard Webhooks. The application must keep raw bodies: `NestFactory.create(AppModule, { rawBody: true })`.
 *
 * @example
 * imports: [WebhookReceiverModule.forRoot({ secrets: [process.env.WEBHOOK_SECRET!] })]
 */
@Module({
  imports: [DiscoveryModule],
  providers: [
    { provide: Clock, useClass: SystemClock },
    { provide: RECEIVER_SETTINGS, inject: [MODULE_OPTIONS_TOKEN, Clock], useFactory: receiverSettings },
    VerifiedWebhookAccessor,
    RouteRegistry,
    WebhookVerifier,
    ReplayMemory,
    ReceiverExplorer,
  ],
  exports: [RouteRegistry, WebhookVerifier, ReplayMemory],
})
export class WebhookReceiverModule extends ConfigurableModuleClass {}
