/** What operations must look at: a mail, a change nobody asked for, a booking that is gone. */
export const INCIDENT_TYPES = ['email.schedulechange', 'order.schedulechange', 'abnormal.cancelled'] as const;

/** One of {@link INCIDENT_TYPES}. */
export type IncidentType = (typeof INCIDENT_TYPES)[number];

/** What the airline pays back by itself. */
export const VENDOR_REFUNDS = ['FULLY', 'PARTLY', 'NONE'] as const;

/** One of {@link VENDOR_REFUNDS}. */
export type VendorRefund = (typeof VENDOR_REFUNDS)[number];
