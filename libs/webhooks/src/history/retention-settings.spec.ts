import { retentionSettings } from './retention-settings.js';

const DAY = 86_400_000;

describe('the settings of retention', () => {
  it('are milliseconds, with defaults', () => {
    expect(retentionSettings({})).toEqual({ events: null, deliveries: 30 * DAY, payloads: null });
    expect(retentionSettings({ payloads: 3 })).toEqual({
      events: null,
      deliveries: 30 * DAY,
      payloads: 3 * DAY,
    });
    expect(retentionSettings({ deliveries: 'forever' })).toMatchObject({ deliveries: null });
  });

  it('refuse payloads that would be kept for ever because of a delivery that is', () => {
    expect(() => retentionSettings({ payloads: 3, deliveries: 'forever' })).toThrow(
      /"retention.deliveries" is 'forever' beside retention.payloads/,
    );
  });
});
