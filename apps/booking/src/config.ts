/** Everything that differs between a laptop, a test and production. */
export interface BookingConfig {
  readonly port: number;
  /** `postgres://…`; without one the app keeps a SQLite file. */
  readonly databaseUrl: string | null;
  /** Where that file is. */
  readonly sqliteFile: string;
  /** Encrypts subscribers' secrets: 32 bytes in base64. */
  readonly webhooksSecret: string;
  /** Whether webhooks may go to this machine: only for trying things out. */
  readonly allowLoopback: boolean;
  /** Waits between attempts in milliseconds; null takes the library's. */
  readonly retrySchedule: readonly number[] | null;
  /** Whether a journey is over when its last flight lands, or leaves. */
  readonly completedAt: 'arrival' | 'departure';
}

// Published with the source, so it protects nothing: production sets WEBHOOKS_SECRET.
const DEVELOPMENT_SECRET = Buffer.from('booking-sample-development-key!!').toString('base64');

function numbers(list: string): number[] {
  return list.split(',').map(Number);
}

/**
 * Reads `PORT`, `DATABASE_URL`, `BOOKING_DB`, `WEBHOOKS_SECRET`, `BOOKING_ALLOW_LOOPBACK`, `BOOKING_RETRY_SCHEDULE` and
 * `BOOKING_COMPLETED_AT`.
 */
export function bookingConfig(env: Readonly<Record<string, string | undefined>>): BookingConfig {
  return {
    port: Number(env['PORT'] ?? 3000),
    databaseUrl: env['DATABASE_URL'] ?? null,
    sqliteFile: env['BOOKING_DB'] ?? './booking.sqlite',
    webhooksSecret: env['WEBHOOKS_SECRET'] ?? DEVELOPMENT_SECRET,
    allowLoopback: env['BOOKING_ALLOW_LOOPBACK'] === '1',
    retrySchedule: env['BOOKING_RETRY_SCHEDULE'] ? numbers(env['BOOKING_RETRY_SCHEDULE']) : null,
    completedAt: env['BOOKING_COMPLETED_AT'] === 'departure' ? 'departure' : 'arrival',
  };
}
