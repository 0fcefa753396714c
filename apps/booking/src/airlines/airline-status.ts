/** Maintenance and Inactive both mean: not to be booked now. */
export const AIRLINE_STATUSES = ['Active', 'Maintenance', 'Inactive'] as const;

/** One of {@link AIRLINE_STATUSES}. */
export type AirlineStatus = (typeof AIRLINE_STATUSES)[number];
