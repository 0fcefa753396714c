import type { DynamicModule } from '@nestjs/common';
import { Module } from '@nestjs/common';
import { WebhooksApiModule } from '@nestjs-webhooks/api';
import type { WebhooksOptions } from 'nestjs-webhooks';
import { WebhooksModule } from 'nestjs-webhooks';
import type { BookingConfig } from '../config.js';
import { CallersModule } from '../parties/callers.module.js';
import { CATALOG } from './catalog/catalog.js';
import { BookingAccess } from './booking.access.js';

/** All that had to be added for webhooks, beside the events and the lines that publish them. */
@Module({})
export class BookingWebhooksModule {
  static forRoot(config: BookingConfig): DynamicModule {
    return {
      module: BookingWebhooksModule,
      imports: [
        WebhooksModule.forRootAsync({ dataSource: 'default', useFactory: () => optionsOf(config) }),
        WebhooksModule.forFeature(CATALOG),
        WebhooksApiModule.register({ imports: [CallersModule], access: BookingAccess }),
      ],
    };
  }
}

function optionsOf({ webhooksSecret, allowLoopback, retrySchedule }: BookingConfig): WebhooksOptions {
  return {
    secrets: { current: webhooksSecret },
    egress: { allow: allowLoopback ? ['127.0.0.1/32', '::1/128'] : [] },
    ...(retrySchedule && { delivery: { retrySchedule } }),
  };
}
