import type { DynamicModule } from '@nestjs/common';
import { Module } from '@nestjs/common';
import type { BookingConfig } from './config.js';

/** Token of the {@link BookingConfig}. */
export const BOOKING_CONFIG = Symbol('BOOKING_CONFIG');

/** Gives the configuration to whoever asks for it. */
@Module({})
export class ConfigModule {
  static forRoot(config: BookingConfig): DynamicModule {
    const provider = { provide: BOOKING_CONFIG, useValue: config };
    return { module: ConfigModule, global: true, providers: [provider], exports: [provider] };
  }
}
