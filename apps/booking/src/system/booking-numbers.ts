import { randomInt } from 'node:crypto';

const LETTERS_AND_DIGITS = 'ABCDEFGHJKLMNPQRSTUVWXYZ0123456789';
const TICKET_PREFIXES: Readonly<Record<string, string>> = { IB: '075', BA: '125', LH: '220', AF: '057' };

function randomText(length: number, alphabet = LETTERS_AND_DIGITS): string {
  return Array.from({ length }, () => alphabet.charAt(randomInt(alphabet.length))).join('');
}

/** Every number of a booking that people see; the demo puts fixed ones in its place. */
export abstract class BookingNumbers {
  /** Our own order number, `AGW-` and ten characters. */
  abstract agwId(): string;
  /** The airline's order number. */
  abstract providerOrderId(provider: string): string;
  /** The airline's booking reference. */
  abstract pnr(): string;
  /** Our own reservation system's reference for the same trip. */
  abstract recordLocator(): string;
  /** Thirteen digits, the first three of which name the airline. */
  abstract ticketNumber(provider: string): string;
}

/** Numbers at random: the sample has no airline to ask. */
export class RandomBookingNumbers extends BookingNumbers {
  agwId(): string {
    return `AGW-${randomText(10)}`;
  }

  providerOrderId(provider: string): string {
    return `${provider}${randomText(10)}`;
  }

  pnr(): string {
    return randomText(6);
  }

  recordLocator(): string {
    return randomText(6);
  }

  ticketNumber(provider: string): string {
    return `${TICKET_PREFIXES[provider] ?? '999'}${randomText(10, '0123456789')}`;
  }
}
