/** The two things an airline does to a flight, and the numbers by which partners know them. */
export const SCHEDULE_CHANGE_CODES = { schedule_change: 1, flight_cancel: 2 } as const;

/** One of the two. */
export type ScheduleChangeKind = keyof typeof SCHEDULE_CHANGE_CODES;

/** Why an airline does it, in the words that partners read when it gives none of its own. */
export const SCHEDULE_REASONS = {
  RETIMED: 'The airline moved the flight to another time.',
  RENUMBERED: 'The airline gave the flight another number.',
  REROUTED: 'The airline sends the flight another way.',
  CANCELLED: 'The airline does not operate the flight.',
  OTHER: 'The airline gave no reason.',
} as const;

/** One of {@link SCHEDULE_REASONS}. */
export type ScheduleReasonCode = keyof typeof SCHEDULE_REASONS;
