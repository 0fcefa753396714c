import { bookingConfig } from './config.js';

describe('bookingConfig', () => {
  it('keeps a SQLite file and stays off this machine unless told otherwise', () => {
    expect(bookingConfig({})).toMatchObject({
      port: 3000,
      databaseUrl: null,
      sqliteFile: './booking.sqlite',
      allowLoopback: false,
      retrySchedule: null,
      completedAt: 'arrival',
    });
  });

  it('has a development key of the length that the library asks for', () => {
    expect(Buffer.from(bookingConfig({}).webhooksSecret, 'base64')).toHaveLength(32);
  });

  it('reads what the environment says', () => {
    const env = {
      DATABASE_URL: 'postgres://x',
      BOOKING_ALLOW_LOOPBACK: '1',
      BOOKING_RETRY_SCHEDULE: '200,400',
      BOOKING_COMPLETED_AT: 'departure',
    };
    expect(bookingConfig(env)).toMatchObject({
      databaseUrl: 'postgres://x',
      allowLoopback: true,
      retrySchedule: [200, 400],
      completedAt: 'departure',
    });
  });
});
