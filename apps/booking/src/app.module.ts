import type { DynamicModule, Type } from '@nestjs/common';
import { Module, ValidationPipe } from '@nestjs/common';
import { APP_PIPE } from '@nestjs/core';
import { EventEmitterModule } from '@nestjs/event-emitter';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AirlinesModule } from './airlines/airlines.module.js';
import type { BookingConfig } from './config.js';
import { ConfigModule } from './config.module.js';
import { dataSourceOptions, openDataSource } from './database/data-source.js';
import { EmailsModule } from './emails/emails.module.js';
import { IncidentsModule } from './incidents/incidents.module.js';
import { OrdersModule } from './orders/orders.module.js';
import { ScheduleChangesModule } from './schedule-changes/schedule-changes.module.js';
import { SystemModule } from './system/system.module.js';
import { VendorsModule } from './vendors/vendors.module.js';
import { BookingWebhooksModule } from './webhooks/booking-webhooks.module.js';

/** The flight-order service. */
@Module({})
export class AppModule {
  /** `system`: where time, chance and money come from; the demo brings its own. */
  static forRoot(config: BookingConfig, system: Type = SystemModule): DynamicModule {
    const options = dataSourceOptions(config);
    const validation = { whitelist: true, forbidNonWhitelisted: true, transform: true };
    return {
      module: AppModule,
      imports: [
        TypeOrmModule.forRootAsync({
          useFactory: () => options,
          dataSourceFactory: () => openDataSource(options),
        }),
        EventEmitterModule.forRoot(),
        ConfigModule.forRoot(config),
        system,
        BookingWebhooksModule.forRoot(config),
        OrdersModule,
        ScheduleChangesModule,
        AirlinesModule,
        EmailsModule,
        IncidentsModule,
        VendorsModule,
      ],
      providers: [{ provide: APP_PIPE, useFactory: () => new ValidationPipe(validation) }],
    };
  }
}
