/** What a client of the booking API can do wrong; {@link BookingErrorFilter} gives each its HTTP status. */
export type BookingErrorCode =
  | 'ORDER_NOT_FOUND'
  | 'TRANSITION_FORBIDDEN'
  | 'ORDER_CLOSED'
  | 'AIRPORT_UNKNOWN'
  | 'BOOKING_INVALID'
  | 'INCIDENT_NOT_FOUND'
  | 'SEAT_TAKEN'
  | 'PAYMENT_DECLINED'
  | 'PAYMENT_TIME_LIMIT_PASSED';

/** A request that the booking rules refuse. */
export class BookingError extends Error {
  constructor(
    readonly code: BookingErrorCode,
    message: string,
  ) {
    super(message);
    this.name = 'BookingError';
  }
}
