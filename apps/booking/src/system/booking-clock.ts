/** The app's idea of now; the demo and tests put their own in its place. */
export abstract class BookingClock {
  abstract now(): Date;
}

/** Real time. */
export class SystemBookingClock extends BookingClock {
  now(): Date {
    return new Date();
  }
}
