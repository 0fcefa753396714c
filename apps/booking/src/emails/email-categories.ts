/** How captured mail is sorted; a guess, never a promise. */
export const EMAIL_CATEGORIES = [
  'Schedule change',
  'Receipt',
  'Payment Success',
  'Verification',
  'Trip Reminder',
  'Promo code',
  'Travel Itinerary',
  'Advertisement',
  'PNR Cancellation Success',
  'Payment Due',
  'Unidentified',
  'Duplicated Schedule Change',
  'Unaccounted Cancellation',
] as const;

/** One of {@link EMAIL_CATEGORIES}. */
export type EmailCategory = (typeof EMAIL_CATEGORIES)[number];
