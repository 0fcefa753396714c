import { SubscriptionInvalidError } from '../errors/subscription-invalid-error.js';
import { patchSubscription } from './patch-subscription.js';
import type { SubscriptionView } from './subscription-view.js';

const VIEW: SubscriptionView = {
  id: 'sub_1',
  tenant: 'nube',
  uid: 'erp',
  state: 'paused',
  state_reason: null,
  event_types: ['OrderTicketed'],
  http_request: {
    url: 'https://a.example/',
    header: { Authorization: '********', 'X-Team': 'a' },
    json_body: { a: 1 },
  },
  secrets: [
    {
      id: 'sec_1',
      masked: 'whsec_****abcd',
      public_key: null,
      created_at: '2026-01-01T00:00:00.000Z',
      not_after: null,
    },
  ],
  template_secrets: { API_KEY: '********', OLD: '********' },
  authentication: null,
  signatures: ['v1'],
  fields: ['pnr'],
  filter: { pnr: 'YMCP6O' },
  ordering: null,
  description: 'old',
  metadata: { a: '1', b: '2' },
  limits: { concurrency: 4 },
  problem: null,
  version: 3,
  created_at: '2026-01-01T00:00:00.000Z',
  updated_at: '2026-01-02T00:00:00.000Z',
};

describe('a merge-patch', () => {
  it('leaves what it does not name', () => {
    const draft = patchSubscription(VIEW, {});
    expect(draft).toMatchObject({
      tenant: 'nube',
      uid: 'erp',
      eventTypes: ['OrderTicketed'],
      description: 'old',
    });
    expect(draft).toMatchObject({
      metadata: VIEW.metadata,
      limits: VIEW.limits,
      httpRequest: VIEW.http_request,
    });
  });

  it('removes with null', () => {
    const draft = patchSubscription(VIEW, { uid: null, description: null, limits: null, metadata: null });
    expect(draft).toMatchObject({ uid: null, description: null, limits: {}, metadata: {} });
  });

  it('merges metadata and limits by key', () => {
    const draft = patchSubscription(VIEW, { metadata: { a: null, c: '3' }, limits: { concurrency: null } });
    expect(draft.metadata).toEqual({ b: '2', c: '3' });
    expect(draft.limits).toEqual({});
  });

  it('merges template secrets by name: masks stay, null removes', () => {
    expect(patchSubscription(VIEW, {}).templateSecrets).toEqual(VIEW.template_secrets);
    const patch = { template_secrets: { OLD: null, NEW: 'n' } };
    expect(patchSubscription(VIEW, patch).templateSecrets).toEqual({ API_KEY: '********', NEW: 'n' });
    expect(patchSubscription(VIEW, { template_secrets: null }).templateSecrets).toEqual({});
  });

  it('takes http_request as one unit, in which null is literal', () => {
    const http_request = { url: 'https://a.example/', json_body: { b: null } };
    expect(patchSubscription(VIEW, { http_request }).httpRequest).toEqual(http_request);
  });

  it('takes fields and filter as one unit each, and removes them with null', () => {
    const draft = patchSubscription(VIEW, { fields: ['total'], filter: { total: { $gt: 5 } } });
    expect(draft).toMatchObject({ fields: ['total'], filter: { total: { $gt: 5 } } });
    expect(patchSubscription(VIEW, {})).toMatchObject({ fields: VIEW.fields, filter: VIEW.filter });
    expect(patchSubscription(VIEW, { fields: null, filter: null })).toMatchObject({
      fields: null,
      filter: null,
    });
  });

  it('changes url, method and single headers when they are given in short', () => {
    const { httpRequest } = patchSubscription(VIEW, { url: 'https://a.example/2', method: 'PUT' });
    expect(httpRequest).toEqual({ ...VIEW.http_request, url: 'https://a.example/2', method: 'PUT' });
    const { header } = patchSubscription(VIEW, { headers: { 'X-Team': null, 'X-New': 'n' } }).httpRequest;
    expect(header).toEqual({ Authorization: '********', 'X-New': 'n' });
  });

  it('may be the whole view, with a change in it', () => {
    const copy = JSON.parse(JSON.stringify({ ...VIEW, description: 'new' })) as unknown;
    expect(patchSubscription(VIEW, copy)).toMatchObject({
      description: 'new',
      httpRequest: VIEW.http_request,
    });
  });

  it('is refused when it was made for another version', () => {
    expect(patchSubscription(VIEW, { version: 3 }).uid).toBe('erp');
    expect(() => patchSubscription(VIEW, { version: 2 })).toThrow(
      expect.objectContaining({ code: 'SUBSCRIPTION_CONFLICT' }),
    );
  });

  it.each<[string, unknown, string]>([
    ['another tenant', { tenant: 'other' }, 'tenant'],
    ['another state', { state: 'enabled' }, 'state'],
    ['other secrets', { secrets: [] }, 'secrets'],
    ['a secret', { secret: 'whsec_x' }, 'secret'],
    ['another id', { id: 'sub_2' }, 'id'],
    ['no event types', { event_types: null }, 'event_types'],
    ['no request', { http_request: null }, 'http_request'],
    ['no url', { url: null }, 'url'],
    ['a target twice', { url: 'https://b.example/', http_request: { url: 'https://c.example/' } }, 'url'],
    ['an unknown member', { descripton: 'x' }, 'descripton'],
    ['a list for metadata', { metadata: [] }, 'metadata'],
    ['a text for template secrets', { template_secrets: 'x' }, 'template_secrets'],
    ['a version that is none', { version: '3' }, 'version'],
    ['nothing', null, 'subscription'],
    ['a list', [], 'subscription'],
  ])('is refused with %s', (_name, patch, path) => {
    expect(() => patchSubscription(VIEW, patch)).toThrow(SubscriptionInvalidError);
    expect(() => patchSubscription(VIEW, patch)).toThrow(expect.objectContaining({ path }));
  });
});
