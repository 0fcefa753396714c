import { Global, Module } from '@nestjs/common';
import { BookingClock, SystemBookingClock } from './booking-clock.js';
import { BookingNumbers, RandomBookingNumbers } from './booking-numbers.js';
import { PaymentGateway, SandboxPaymentGateway } from './payment.gateway.js';

/** What the app takes from outside itself: time, chance and money. */
@Global()
@Module({
  providers: [
    { provide: BookingClock, useClass: SystemBookingClock },
    { provide: BookingNumbers, useClass: RandomBookingNumbers },
    { provide: PaymentGateway, useClass: SandboxPaymentGateway },
  ],
  exports: [BookingClock, BookingNumbers, PaymentGateway],
})
export class SystemModule {}
