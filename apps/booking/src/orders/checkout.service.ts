import { Injectable } from '@nestjs/common';
import { BookingClock } from '../system/booking-clock.js';
import { PaymentGateway } from '../system/payment.gateway.js';
import { BookingError } from './booking-error.js';
import type { Order } from './entities/order.entity.js';

/** Collects what an order costs. */
@Injectable()
export class Checkout {
  constructor(
    private readonly clock: BookingClock,
    private readonly payments: PaymentGateway,
  ) {}

  /** @throws BookingError `PAYMENT_TIME_LIMIT_PASSED`, or `PAYMENT_DECLINED` also when there is no card */
  async pay(order: Order, cardToken: string | undefined): Promise<void> {
    const { agwId, currency, totalAmountMinor: amountMinor, paymentTimeLimit } = order;
    if (paymentTimeLimit && paymentTimeLimit < this.clock.now()) {
      throw new BookingError(
        'PAYMENT_TIME_LIMIT_PASSED',
        `${agwId} had to be paid until ${paymentTimeLimit.toISOString()}.`,
      );
    }
    const paid =
      cardToken !== undefined && (await this.payments.charge({ agwId, currency, amountMinor, cardToken }));
    if (!paid) throw new BookingError('PAYMENT_DECLINED', `${agwId} was not paid: the card was declined.`);
  }
}
