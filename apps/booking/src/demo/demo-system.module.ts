import { Global, Module } from '@nestjs/common';
import { BookingClock } from '../system/booking-clock.js';
import { BookingNumbers } from '../system/booking-numbers.js';
import { PaymentGateway, SandboxPaymentGateway } from '../system/payment.gateway.js';
import { FLOWN } from './journey-cast.js';

/** Our order number of the booking that the story is about. */
export const BOOKED = 'AGW-E1TLLZH0HB';
/** Our order number of the booking that is rolled back. */
export const ROLLED_BACK = 'AGW-R0LLEDBACK';

/** Stands still until the story moves it. */
export class StoryClock extends BookingClock {
  private time = '2026-03-10T09:15:00Z';

  now(): Date {
    return new Date(this.time);
  }

  moveTo(time: string): void {
    this.time = time;
  }
}

/** The documented booking's numbers, for one booking after the other. */
class StoryNumbers extends BookingNumbers {
  private readonly agwIds = [BOOKED, ROLLED_BACK, FLOWN];
  private readonly pnrs = ['YMCP6O', 'R0LLED', 'J0URNY'];
  private tickets = 678;

  agwId(): string {
    return this.agwIds.shift() ?? '';
  }

  providerOrderId(provider: string): string {
    return `${provider}0A1B2C3D4E`;
  }

  pnr(): string {
    return this.pnrs.shift() ?? '';
  }

  recordLocator(): string {
    return '7Q2XKD';
  }

  ticketNumber(): string {
    return `0752412345${this.tickets++}`;
  }
}

/** In place of the app's own, so that every run makes the same booking. */
@Global()
@Module({
  providers: [
    { provide: BookingClock, useClass: StoryClock },
    { provide: BookingNumbers, useClass: StoryNumbers },
    { provide: PaymentGateway, useClass: SandboxPaymentGateway },
  ],
  exports: [BookingClock, BookingNumbers, PaymentGateway],
})
export class DemoSystemModule {}
