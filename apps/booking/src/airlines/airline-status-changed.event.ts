import type { AirlineStatus } from './airline-status.js';

/** An airline can be booked again, or not any more. Emitted as `airline.status` once that is committed. */
export class AirlineStatusChangedEvent {
  constructor(
    readonly airline: string,
    readonly was: AirlineStatus,
    readonly is: AirlineStatus,
    readonly at: Date,
  ) {}
}
