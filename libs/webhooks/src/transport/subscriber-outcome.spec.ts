import { subscriberOutcome } from './subscriber-outcome.js';

describe('subscriberOutcome', () => {
  it.each(['TARGET_BLOCKED', 'DNS_ERROR', 'CONNECT_TIMEOUT', 'CONNECTION_REFUSED', 'PROXY_ERROR'])(
    'tells neither %s nor how long it took',
    (error) => {
      expect(subscriberOutcome({ error, durationMs: 12 })).toEqual({
        error: 'UNREACHABLE',
        durationMs: null,
      });
    },
  );

  it.each([null, 'HTTP_STATUS', 'TIMEOUT', 'TLS_ERROR', 'CONNECTION_RESET', 'TEMPLATE_UNKNOWN_FIELD'])(
    'leaves %s, which helps the owner of the endpoint',
    (error) => {
      expect(subscriberOutcome({ error, durationMs: 12 })).toEqual({ error, durationMs: 12 });
    },
  );
});
