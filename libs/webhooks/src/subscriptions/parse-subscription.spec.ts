import { SubscriptionInvalidError } from '../errors/subscription-invalid-error.js';
import { parseSubscription } from './parse-subscription.js';

const URL_ONLY = { url: 'https://a.example/' };

function issuesOf(input: unknown): string[] {
  try {
    parseSubscription(input);
  } catch (error) {
    if (error instanceof SubscriptionInvalidError) return error.issues.map(({ path }) => path);
    throw error;
  }
  return [];
}

describe('the input for a subscription', () => {
  it('is AirGateway’s documented body as it stands', () => {
    const http_request = {
      method: 'POST',
      url: 'https://yourservices/api/order-ticketed',
      header: { Authorization: 'Basic YourPassword' },
      json_body: { pnr: '{{pnr}}' },
    };
    expect(parseSubscription({ http_request })).toEqual({
      tenant: 'default',
      uid: null,
      state: 'enabled',
      eventTypes: ['*'],
      httpRequest: http_request,
      fields: null,
      filter: null,
      secret: null,
      templateSecrets: {},
      authentication: null,
      signatures: ['v1'],
      description: null,
      metadata: {},
      limits: {},
      ordering: null,
    });
  });

  it('may be short: url, headers and method beside each other', () => {
    const { httpRequest } = parseSubscription({ ...URL_ONLY, headers: { 'X-A': '1' }, method: 'PUT' });
    expect(httpRequest).toEqual({ url: 'https://a.example/', header: { 'X-A': '1' }, method: 'PUT' });
    expect(parseSubscription(URL_ONLY).httpRequest).toEqual(URL_ONLY);
  });

  it('may name one event type without a list', () => {
    expect(parseSubscription({ ...URL_ONLY, event_types: 'Order*' }).eventTypes).toEqual(['Order*']);
  });

  it.each<[string, unknown, string]>([
    ['nothing', undefined, 'subscription'],
    ['a list', [], 'subscription'],
    ['no target', {}, 'http_request'],
    ['a request that is none', { http_request: 'https://a.example' }, 'http_request'],
    ['a target twice', { http_request: URL_ONLY, url: 'https://b.example' }, 'url'],
    ['headers of two kinds', { http_request: URL_ONLY, headers: {} }, 'headers'],
    ['an unknown member', { ...URL_ONLY, event_type: ['*'] }, 'event_type'],
    ['a dangerous member', JSON.parse('{"url":"https://a.example","__proto__":{"x":1}}'), '__proto__'],
    ['no event types', { ...URL_ONLY, event_types: [] }, 'event_types'],
    ['fields that are no list', { ...URL_ONLY, fields: 'pnr' }, 'fields'],
    ['a field that is no text', { ...URL_ONLY, fields: ['pnr', 5] }, 'fields[1]'],
    ['a hole among the fields', { ...URL_ONLY, fields: Array(1) }, 'fields[0]'],
    ['a field without a name', { ...URL_ONLY, fields: ['segments.'] }, 'fields[0]'],
    ['too many fields', { ...URL_ONLY, fields: Array(101).fill('a') }, 'fields'],
    ['a bad filter', { ...URL_ONLY, filter: { a: { $gtt: 1 } } }, 'filter.a.$gtt'],
    ['null for event types', { ...URL_ONLY, event_types: null }, 'event_types'],
    ['an event type that is no text', { ...URL_ONLY, event_types: ['A', 3] }, 'event_types[1]'],
    ['a star in the middle', { ...URL_ONLY, event_types: ['A*B'] }, 'event_types[0]'],
    ['too many event types', { ...URL_ONLY, event_types: Array(101).fill('A') }, 'event_types'],
    ['a tenant for all', { ...URL_ONLY, tenant: '*' }, 'tenant'],
    ['an empty tenant', { ...URL_ONLY, tenant: ' ' }, 'tenant'],
    ['a number for uid', { ...URL_ONLY, uid: 7 }, 'uid'],
    ['a NUL in uid', { ...URL_ONLY, uid: 'a\0' }, 'uid'],
    ['half a surrogate pair', { ...URL_ONLY, description: 'a\ud800' }, 'description'],
    ['a long description', { ...URL_ONLY, description: 'x'.repeat(2_001) }, 'description'],
    ['an unknown state', { ...URL_ONLY, state: 'on' }, 'state'],
    ['a nested metadata value', { ...URL_ONLY, metadata: { a: {} } }, 'metadata.a'],
    ['a list for metadata', { ...URL_ONLY, metadata: [] }, 'metadata'],
    ['large metadata', { ...URL_ONLY, metadata: { a: 'é'.repeat(4_100) } }, 'metadata'],
    ['an unknown limit', { ...URL_ONLY, limits: { rate: 1 } }, 'limits.rate'],
    ['no room at all', { ...URL_ONLY, limits: { concurrency: 0 } }, 'limits.concurrency'],
    ['a list for limits', { ...URL_ONLY, limits: [] }, 'limits'],
  ])('is refused with %s', (_name, input, path) => {
    expect(issuesOf(input)).toEqual([path]);
  });

  it('accepts 50 metadata keys and no more', () => {
    const keys = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, n) => [`k${n}`, 'v']));
    expect(Object.keys(parseSubscription({ ...URL_ONLY, metadata: keys(50) }).metadata)).toHaveLength(50);
    expect(issuesOf({ ...URL_ONLY, metadata: keys(51) })).toEqual(['metadata']);
  });

  it('is told everything that is wrong at once, and what was meant', () => {
    expect(issuesOf({ uid: 1, state: 'on', limits: 3 })).toEqual(['uid', 'state', 'http_request', 'limits']);
    expect(() => parseSubscription({ ...URL_ONLY, metdata: {} })).toThrow('Did you mean "metadata"?');
  });

  it('is told of twenty unknown members, however many there are', () => {
    const strangers = Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`descriptio${n}`, 1]));
    expect(issuesOf({ ...URL_ONLY, ...strangers })).toHaveLength(20);
  });

  it('lets a description have lines', () => {
    expect(parseSubscription({ ...URL_ONLY, description: 'a\n\tb' }).description).toBe('a\n\tb');
  });
});
