import { Module } from '@nestjs/common';
import { CallerGuard } from './caller.guard.js';

/** Who calls. */
@Module({ providers: [CallerGuard], exports: [CallerGuard] })
export class CallersModule {}
