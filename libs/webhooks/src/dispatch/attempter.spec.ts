import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { jest } from '@jest/globals';
import { IsString } from 'class-validator';
import { EventCatalog } from '../catalog/event-catalog.service.js';
import { WebhookEvent } from '../catalog/webhook-event.decorator.js';
import { WebhookField } from '../catalog/webhook-field.decorator.js';
import { SystemClock } from '../internal/clock.js';
import type { StoredEvent } from '../internal/event.js';
import { BodySeal } from '../subscriptions/body-seal.js';
import { RequestFit } from '../subscriptions/content/request-fit.js';
import { KeyRing } from '../subscriptions/key-ring.js';
import { firstSecrets } from '../subscriptions/signing-secrets.js';
import { Subscription, type SubscriptionProps } from '../subscriptions/subscription.js';
import { WebhookTransport, type OutboundRequest } from '../transport/webhook.transport.js';
import { Attempter } from './attempter.js';
import type { Attempt, Delivery } from './delivery.js';
import { DeliveryBodies } from './delivery-bodies.js';
import { Observation } from './observer.js';
import { RetrySchedule } from './retry-schedule.js';

@WebhookEvent('OrderTicketed')
class OrderTicketed {
  @WebhookField({ example: 'YMCP6O' })
  @IsString()
  pnr!: string;
}

class Recorder extends WebhookTransport {
  readonly requests: OutboundRequest[] = [];

  send(request: OutboundRequest) {
    this.requests.push(request);
    return Promise.resolve({ status: 500, error: null, detail: null, headers: {}, body: '', durationMs: 1 });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

const URL = 'https://a.example/hook';
const SECRETS = { API_KEY: 'k3y-4711', PIN: 'p1n' };
const catalog = new EventCatalog();
catalog.register([OrderTicketed]);

function eventOf(pnr = 'YMCP6O'): StoredEvent {
  const data = JSON.stringify({ pnr });
  const times = { occurredAt: 0, createdAt: 0 };
  return {
    id: 'evt_1',
    tenant: 'default',
    type: 'OrderTicketed',
    subject: null,
    sequence: null,
    data,
    catalogVersion: 1,
    ...times,
  };
}

function subscriptionOf(request: object, more: Partial<SubscriptionProps> = {}): Subscription {
  return new Subscription({
    id: 'sub_1',
    tenant: 'default',
    uid: null,
    state: 'enabled',
    stateReason: null,
    eventTypes: ['OrderTicketed'],
    aliased: [],
    httpRequest: { url: URL, ...request },
    templateSecrets: SECRETS,
    fields: null,
    filter: null,
    ordering: null,
    authentication: null,
    signatures: ['v1'],
    secrets: firstSecrets(null, ['v1'], 0),
    description: null,
    metadata: {},
    limits: {},
    version: 1,
    createdAt: 0,
    updatedAt: 0,
    problem: null,
    ...more,
  });
}

function deliveryOf(event = eventOf(), more: Partial<Delivery> = {}): Delivery {
  const first = {
    attempts: 0,
    step: 0,
    body: null,
    fence: null,
    leasedAt: 0,
    manual: false,
    isReplay: false,
  };
  const ids = { id: 'evt_1.sub_1', subscriptionId: 'sub_1', tenant: 'default' };
  return { ...ids, event, expiresAt: Infinity, ...first, ...more };
}

describe('an attempt', () => {
  let transport: Recorder;
  let attempter: Attempter;

  function start(ring = new KeyRing({ current: randomBytes(32).toString('base64') })): Attempter {
    const bodies = new DeliveryBodies(new BodySeal(ring));
    const schedule = new RetrySchedule([1_000, 1_000]);
    const own = { clock: new SystemClock(), observation: new Observation(() => undefined) };
    const parts = { eventTypes: catalog, bodies, transport, schedule, ...own };
    return new Attempter(parts, { timeout: 1_000, userAgent: 'test' });
  }

  async function attempt(subscription: Subscription, delivery = deliveryOf()) {
    const { settlement } = await attempter.attempt(delivery, subscription);
    const recorded = settlement.attempt as Attempt;
    return { ...settlement, recorded, sent: transport.requests.at(-1) };
  }

  /** The delivery as it is for the next attempt. */
  function next({ delivery, body }: { delivery: Delivery; body: string | null }): Delivery {
    return { ...delivery, attempts: delivery.attempts + 1, body };
  }

  beforeEach(() => {
    transport = new Recorder();
    attempter = start();
  });

  describe('says what its body is', () => {
    it.each<[string, object, string | undefined]>([
      ['the standard envelope', {}, 'application/json'],
      ['a json_body', { json_body: { pnr: '{{pnr}}' } }, 'application/json'],
      ['a form_body', { form_body: { pnr: '{{pnr}}' } }, 'application/x-www-form-urlencoded'],
      ['a raw_body', { raw_body: '<a>{{pnr}}</a>', content_type: 'text/xml' }, 'text/xml'],
      ['a raw_body that does not say', { raw_body: '{{pnr}}' }, 'text/plain; charset=utf-8'],
      ['a GET without one', { method: 'GET' }, undefined],
      ['a DELETE without one', { method: 'DELETE' }, undefined],
      ['a DELETE with one', { method: 'DELETE', json_body: {} }, 'application/json'],
      [
        'what the subscriber calls it',
        { form_body: { a: 'b' }, header: { 'Content-Type': 'text/x-own' } },
        'text/x-own',
      ],
      ['what the subscriber says of a GET', { method: 'GET', header: { 'content-type': 'a/b' } }, 'a/b'],
    ])('%s', async (_name, request, expected) => {
      const { sent } = await attempt(subscriptionOf(request));
      expect(sent!.headers['content-type']).toBe(expected);
    });

    it.each(['GET', 'DELETE'])('and has none for a %s that brings none', async (method) => {
      const first = await attempt(subscriptionOf({ method }));
      expect(first).toMatchObject({ body: null, sent: { method, body: null } });
      expect(await attempt(subscriptionOf({ method }), next(first))).toMatchObject({ sent: { body: null } });
    });

    it('also when the body is an older one than the template', async () => {
      const first = await attempt(subscriptionOf({}));
      const { sent } = await attempt(subscriptionOf({ form_body: { a: 'b' } }), next(first));
      expect(String(sent!.body)).toMatch(/^\{"type":"OrderTicketed"/);
      expect(sent!.headers['content-type']).toBe('application/json');
    });
  });

  describe('with template secrets', () => {
    const REQUEST = {
      url: `${URL}/{{secrets.PIN}}?pnr={{pnr}}`,
      header: {
        Authorization: 'Bearer {{ secrets.API_KEY }}',
        'X-Plain': '{{secrets.API_KEY}}',
        'X-Team': 'a',
      },
      json_body: { pin: '{{secrets.PIN}}', pnr: '{{pnr}}' },
    };

    it('sends them, and records masks in their places', async () => {
      const { sent, recorded } = await attempt(subscriptionOf(REQUEST));
      expect(sent).toMatchObject({
        url: `${URL}/p1n?pnr=YMCP6O`,
        headers: { authorization: 'Bearer k3y-4711', 'x-plain': 'k3y-4711' },
      });
      expect(String(sent!.body)).toBe('{"pin":"p1n","pnr":"YMCP6O"}');
      const mask = '%2A'.repeat(8);
      expect(JSON.parse(recorded.request)).toEqual({
        method: 'POST',
        url: `${URL}/${mask}?pnr=YMCP6O`,
        headers: {
          ...sent!.headers,
          authorization: '********',
          'x-plain': '********',
          'webhook-signature': '********',
        },
      });
    });

    it('records the origin alone when the rest cannot be rendered without them', async () => {
      const header = { 'X-Time': '{{ "2026-01-01T00:00:00Z" | date: "%H", secrets.ZONE }}' };
      const { sent, recorded } = await attempt(
        subscriptionOf({ ...REQUEST, header }, { templateSecrets: { ...SECRETS, ZONE: 'Asia/Kathmandu' } }),
      );
      expect(sent!.headers['x-time']).toBe('05');
      expect(JSON.parse(recorded.request)).toMatchObject({
        url: 'https://a.example',
        headers: { 'x-time': '********', 'webhook-id': 'evt_1' },
      });
    });

    it('keeps a body that holds one encrypted, and sends the same bytes next time', async () => {
      const first = await attempt(subscriptionOf(REQUEST));
      expect(first.body).toMatch(/^sealed:v1\./);
      const rotated = subscriptionOf(REQUEST, { templateSecrets: { ...SECRETS, PIN: 'new' } });
      const second = await attempt(rotated, next(first));
      expect(second.body).toBe(first.body);
      expect(String(second.sent!.body)).toBe('{"pin":"p1n","pnr":"YMCP6O"}');
      expect(second.sent!.url).toContain('/new?');
    });

    it('keeps a body that holds none as it is', async () => {
      const json_body = { pnr: '{{pnr}}', text: 'secrets.PIN' };
      const first = await attempt(subscriptionOf({ ...REQUEST, json_body }));
      expect(first.body).toBe('{"pnr":"YMCP6O","text":"secrets.PIN"}');
    });

    it('does not send them to the origin that the subscription was changed to', async () => {
      const first = await attempt(subscriptionOf(REQUEST));
      const moved = { url: 'https://b.example/', json_body: { pnr: '{{pnr}}' } };
      const { sent, body } = await attempt(subscriptionOf(moved, { templateSecrets: {} }), next(first));
      expect(String(sent!.body)).toBe('{"pnr":"YMCP6O"}');
      expect(body).toBe('{"pnr":"YMCP6O"}');
    });

    it('waits for the key when the body cannot be opened, and keeps it', async () => {
      const first = await attempt(subscriptionOf(REQUEST));
      const mine = attempter;
      attempter = start();
      const second = await attempt(subscriptionOf(REQUEST), next(first));
      expect(second).toMatchObject({
        state: 'pending',
        body: first.body,
        recorded: { error: 'SECRET_UNDECRYPTABLE' },
      });
      expect(transport.requests).toHaveLength(1);
      attempter = mine;
      expect(String((await attempt(subscriptionOf(REQUEST), next(second))).sent!.body)).toContain('p1n');
    });
  });

  it('keeps an empty body: the next one is empty, too', async () => {
    const first = await attempt(subscriptionOf({ raw_body: '{{pnr}}' }), deliveryOf(eventOf('')));
    const { sent } = await attempt(subscriptionOf({ raw_body: 'changed' }), next(first));
    expect(String(sent!.body)).toBe('');
  });

  describe('of an event for many', () => {
    const render = jest.spyOn(RequestFit.prototype, 'renderBody');
    beforeEach(() => render.mockClear());
    afterAll(() => render.mockRestore());

    async function rendersFor(...subscriptions: readonly Subscription[]): Promise<number> {
      const event = eventOf();
      for (const each of subscriptions) await attempt(each, deliveryOf(event));
      return render.mock.calls.length;
    }

    it.each([
      ['json_body', { json_body: { pnr: '{{pnr}}' } }, {}],
      ['form_body', { form_body: { pnr: '{{ pnr | downcase }}' } }, {}],
      ['raw_body', { raw_body: '{{pnr}}' }, {}],
      ['fields', {}, { fields: ['pnr'] }],
    ])('renders the same %s once, whatever the targets are', async (_name, body, more) => {
      const header = { 'X-Key': '{{secrets.API_KEY}}' };
      const subscriptions = ['x', 'y', 'z'].map((path) =>
        subscriptionOf({ ...body, url: `https://${path}.example/{{pnr}}`, header }, more),
      );
      expect(await rendersFor(...subscriptions)).toBe(1);
      expect(new Set(transport.requests.map((request) => String(request.body))).size).toBe(1);
      expect(new Set(transport.requests.map(({ url }) => url)).size).toBe(3);
    });

    it('renders different bodies each for itself', async () => {
      const bodies = [{ json_body: ['x'] }, { raw_body: '["x"]' }, { json_body: { b: 1, a: 2 } }];
      const same = { json_body: { a: 2, b: 1 } };
      expect(await rendersFor(...[...bodies, same, same].map((body) => subscriptionOf(body)))).toBe(4);
      expect(transport.requests.map((request) => String(request.body))).toEqual([
        ...['["x"]', '["x"]', '{"b":1,"a":2}'],
        ...['{"a":2,"b":1}', '{"a":2,"b":1}'],
      ]);
    });

    it('never shares a body with a secret', async () => {
      const request = { json_body: { pin: '{{secrets.PIN}}' } };
      const others = { templateSecrets: { PIN: 'other' } };
      expect(await rendersFor(subscriptionOf(request), subscriptionOf(request, others))).toBe(2);
      expect(transport.requests.map((request) => String(request.body))).toEqual([
        '{"pin":"p1n"}',
        '{"pin":"other"}',
      ]);
    });

    it('renders nothing for the standard envelope, and again for another event', async () => {
      expect(await rendersFor(subscriptionOf({}), subscriptionOf({}))).toBe(0);
      const one = subscriptionOf({ json_body: '{{pnr}}' });
      await attempt(one, deliveryOf(eventOf('A')));
      await attempt(one, deliveryOf(eventOf('B')));
      expect(transport.requests.slice(2).map((request) => String(request.body))).toEqual(['"A"', '"B"']);
    });
  });
});
