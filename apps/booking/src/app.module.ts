import type { DynamicModule } from '@nestjs/common';
import { Module, ValidationPipe } from '@nestjs/common';
import { APP_PIPE } from '@nestjs/core';
import { EventEmitterModule } from '@nestjs/event-emitter';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { BookingConfig } from './config.js';
import { dataSourceOptions, openDataSource } from './database/data-source.js';
import { OrdersModule } from './orders/orders.module.js';
import { BookingWebhooksModule } from './webhooks/booking-webhooks.module.js';

/** The flight-order service. */
@Module({})
export class AppModule {
  static forRoot(config: BookingConfig): DynamicModule {
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
        BookingWebhooksModule.forRoot(config),
        OrdersModule,
      ],
      providers: [{ provide: APP_PIPE, useFactory: () => new ValidationPipe(validation) }],
    };
  }
}
