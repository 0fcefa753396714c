import 'reflect-metadata';
import { IsString } from 'class-validator';
import { EventCatalog } from '../catalog/event-catalog.service.js';
import { WebhookEvent } from '../catalog/webhook-event.decorator.js';
import { WebhookField } from '../catalog/webhook-field.decorator.js';
import { generateSecret, parseSecret } from '../signing/secret.js';
import { Subscription, type SubscriptionContext, type SubscriptionProps } from './subscription.js';
import { viewOf } from './subscription-view.js';

@WebhookEvent('OrderTicketed')
class OrderTicketed {
  @WebhookField({ example: 'YMCP6O' })
  @IsString()
  pnr!: string;
}

@WebhookEvent('OrderCanceled')
class OrderCanceled {
  @WebhookField({ example: 'sick' })
  @IsString()
  reason!: string;
}

const catalog = new EventCatalog();
catalog.register([OrderTicketed, OrderCanceled]);

function subscription(more: Partial<SubscriptionProps> = {}, context?: SubscriptionContext): Subscription {
  const props: SubscriptionProps = {
    id: 'sub_1',
    tenant: 'default',
    uid: null,
    state: 'enabled',
    stateReason: null,
    eventTypes: ['OrderTicketed'],
    aliased: [],
    httpRequest: { url: 'https://a.example/{{pnr}}' },
    templateSecrets: {},
    fields: null,
    filter: null,
    ordering: null,
    authentication: null,
    signatures: ['v1'],
    secrets: [],
    description: null,
    metadata: {},
    limits: {},
    version: 1,
    createdAt: 0,
    updatedAt: 0,
    problem: null,
    ...more,
  };
  return new Subscription(props, context);
}

function secret(id: string, notAfter: number | null) {
  return { id, secret: generateSecret(), createdAt: 0, notAfter };
}

describe('a subscription', () => {
  it('wants what its patterns mean, by name or through an alias', () => {
    const one = subscription({
      eventTypes: ['OrderTicketed', 'Airline*', 'order.*'],
      aliased: ['OrderCanceled'],
    });
    const names = ['OrderTicketed', 'AirlineStatusChanged', 'OrderCanceled', 'OrderCreated'];
    expect(names.map((name) => one.wants(name))).toEqual([true, true, true, false]);
  });

  it('compiles its template once for each event type', () => {
    const one = subscription();
    const type = catalog.get('OrderTicketed');
    expect(one.fitFor(type).template).toBe(one.fitFor(type).template);
    expect(one.fitFor(type).template.render({ pnr: 'A B' }).url).toBe('https://a.example/A%20B');
  });

  it('has no template for an event type that lacks one of its fields', () => {
    const type = catalog.get('OrderCanceled');
    expect(() => subscription().fitFor(type).template).toThrow(
      expect.objectContaining({ code: 'TEMPLATE_UNKNOWN_FIELD' }),
    );
  });

  it('signs with every secret until its end', () => {
    const secrets = [secret('sec_1', 1_000), secret('sec_2', 2_000), secret('sec_3', null)];
    const keys = secrets.map((each) => parseSecret(each.secret));
    const signing = (nowMs: number): unknown[] => one.signingKeys(nowMs).map((key) => key.export());
    const one = subscription({ secrets });
    expect(signing(999)).toEqual(keys);
    expect(signing(1_000)).toEqual(keys.slice(1));
    expect(signing(2_000)).toEqual(keys.slice(2));
    expect(signing(500)).toEqual(keys);
  });

  it('gives the same keys again as long as none ends', () => {
    const one = subscription({ secrets: [secret('sec_1', 1_000), secret('sec_2', null)] });
    expect(one.signingKeys(999)).toBe(one.signingKeys(998 + 1));
    expect(one.signingKeys(5_000)).toBe(one.signingKeys(9_000_000));
    expect(one.signingKeys(999)).toHaveLength(2);
  });

  it('shows the end of each secret and when it ends', () => {
    const one = secret('sec_1', 1_000);
    expect(viewOf(subscription({ secrets: [one] })).secrets).toEqual([
      {
        id: 'sec_1',
        masked: `whsec_****${one.secret.slice(-5, -1)}`,
        public_key: null,
        created_at: '1970-01-01T00:00:00.000Z',
        not_after: '1970-01-01T00:00:01.000Z',
      },
    ]);
  });

  describe('with a filter', () => {
    const told: string[] = [];
    const context: SubscriptionContext = {
      find: (name) => catalog.find(name),
      misfits: ({ id }, misfit) => told.push(`${id} ${String(misfit)}`),
    };
    beforeEach(() => told.splice(0));

    it('accepts the events that pass, and without one accepts all', () => {
      const one = subscription({ filter: { pnr: { $startsWith: 'Y' } } }, context);
      expect(one.accepts('OrderTicketed', { pnr: 'YMCP6O' })).toBe(true);
      expect(one.accepts('OrderTicketed', { pnr: 'XMCP6O' })).toBe(false);
      expect(subscription().accepts('OrderTicketed', {})).toBe(true);
      expect(told).toEqual([]);
    });

    it('that cannot judge an event type leaves the event to its attempt, which fails with the same code', () => {
      const one = subscription({ filter: { pnr: 'YMCP6O' } }, context);
      expect(one.accepts('OrderCanceled', { reason: 'sick' })).toBe(true);
      const unknown = expect.objectContaining({ code: 'TEMPLATE_UNKNOWN_FIELD', path: 'filter.pnr' });
      const literal = subscription({ filter: { pnr: 'YMCP6O' }, httpRequest: { url: 'https://a.example/' } });
      expect(() => literal.fitFor(catalog.get('OrderCanceled'))).toThrow(unknown);
      expect(one.accepts('Vanished', {})).toBe(true);
    });

    it('that fails on an event does not let it pass', () => {
      const hostile = {
        get pnr(): string {
          throw new RangeError('broken');
        },
      };
      const one = subscription({ filter: { pnr: 'YMCP6O' } }, context);
      expect(one.accepts('OrderTicketed', hostile)).toBe(false);
      expect(one.accepts('OrderTicketed', hostile)).toBe(false);
      expect(told).toEqual(['sub_1 OrderTicketed: RangeError: broken']);
    });

    it('tells once that it no longer fits, whatever is tried', () => {
      const one = subscription({ filter: { pnr: 'YMCP6O' } }, context);
      const type = catalog.get('OrderCanceled');
      one.accepts('OrderCanceled', {});
      expect(one.misfit(type)).toBe(one.misfit(type));
      expect(() => one.fitFor(type)).toThrow();
      expect(told).toEqual(['sub_1 OrderCanceled: TEMPLATE_UNKNOWN_FIELD at filter.pnr']);
    });
  });

  it('sends the standard body with the fields it names only', () => {
    const one = subscription({ httpRequest: { url: 'https://a.example/' }, fields: ['pnr'] });
    const fit = one.fitFor(catalog.get('OrderTicketed'));
    const data = { event_type: 'OrderTicketed', occurred_at: 'now', pnr: 'A', more: 1 };
    expect(fit.isStandard).toBe(false);
    expect(fit.renderBody(data)).toBe(
      '{"type":"OrderTicketed","timestamp":"now","data":{"event_type":"OrderTicketed","occurred_at":"now","pnr":"A"}}',
    );
    expect(
      subscription({ httpRequest: { url: 'https://a.example/' } }).fitFor(catalog.get('OrderTicketed')),
    ).toMatchObject({
      isStandard: true,
    });
  });
});
