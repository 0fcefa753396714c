import { Injectable } from '@nestjs/common';

/** One payment for one order. */
export interface Charge {
  readonly agwId: string;
  readonly amountMinor: number;
  readonly currency: string;
  /** What the card provider calls the customer's card. */
  readonly cardToken: string;
}

/** Takes the customer's money. */
export abstract class PaymentGateway {
  /** Resolves to whether the card was charged. */
  abstract charge(charge: Charge): Promise<boolean>;
}

/** Charges every card but `tok_declined`, so that a refused payment can be tried by hand. */
@Injectable()
export class SandboxPaymentGateway extends PaymentGateway {
  charge({ cardToken }: Charge): Promise<boolean> {
    return Promise.resolve(cardToken !== 'tok_declined');
  }
}
