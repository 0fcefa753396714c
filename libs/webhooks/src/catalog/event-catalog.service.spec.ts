import { IsString } from 'class-validator';
import { EventCatalog } from './event-catalog.service.js';
import { WebhookEvent } from './webhook-event.decorator.js';
import { WebhookField } from './webhook-field.decorator.js';

@WebhookEvent('OrderCreated', {
  subject: (event) => `order:${event.agw_id}`,
  tenant: (event: OrderCreated) => event.consumer,
})
class OrderCreated {
  @IsString() agw_id!: string;
  @WebhookField({ description: 'Who booked', aliases: ['client'], deprecated: { since: '2' } })
  @IsString()
  consumer!: string;
}

@WebhookEvent('OrderTicketed', { aliases: ['order.ticketed'], description: 'Issued', version: 2 })
class OrderTicketed extends OrderCreated {}

@WebhookEvent('SeatsDeletion', { aliases: ['SeatsRemoval', 'OrderSeatsRemoval'] })
class SeatsDeletion extends OrderCreated {}

class Undecorated {}

function catalogOf(...classes: Parameters<EventCatalog['register']>[0]): EventCatalog {
  const catalog = new EventCatalog();
  catalog.register(classes);
  return catalog;
}

const catalog = catalogOf(OrderCreated, OrderTicketed, SeatsDeletion);
const named = (...names: string[]) => names.map((name) => catalog.get(name));

describe('EventCatalog', () => {
  it('finds an event type by name, alias, class and event', () => {
    const type = catalog.get('OrderTicketed');
    expect(catalog.find('order.ticketed')).toBe(type);
    expect(catalog.of(new OrderTicketed())).toBe(type);
    expect(catalog.has(OrderTicketed)).toBe(true);
    expect(catalog.has(Undecorated)).toBe(false);
    expect(type).toMatchObject({
      name: 'OrderTicketed',
      version: 2,
      description: 'Issued',
      deprecated: null,
    });
  });

  it('lists the event types in the order of registration', () => {
    expect(catalog.all().map(({ name }) => name)).toEqual(['OrderCreated', 'OrderTicketed', 'SeatsDeletion']);
  });

  it('describes the fields, without the envelope', () => {
    expect(catalog.get('OrderCreated').fields).toEqual([
      expect.objectContaining({
        name: 'consumer',
        aliases: ['client'],
        description: 'Who booked',
        deprecated: { since: '2' },
        nullable: false,
        required: true,
        schema: { type: 'string', description: 'Who booked', deprecated: true, 'x-aliases': ['client'] },
      }),
      expect.objectContaining({ name: 'agw_id', aliases: [], description: '', deprecated: null }),
    ]);
  });

  it('asks the event class for subject and tenant', () => {
    const event = Object.assign(new OrderCreated(), { agw_id: 'AGW-1', consumer: 'nube' });
    expect(catalog.of(event).subjectOf(event)).toBe('order:AGW-1');
    expect(catalog.of(event).tenantOf(event)).toBe('nube');
    expect(catalog.get('OrderTicketed').subjectOf(new OrderTicketed())).toBeNull();
    expect(catalog.get('OrderTicketed').tenantOf(new OrderTicketed())).toBeUndefined();
  });

  it('takes the same class twice without complaint', () => {
    expect(catalogOf(OrderCreated, OrderCreated).all()).toHaveLength(1);
  });

  it.each([
    ['OrderCreated', ['OrderCreated']],
    ['order.ticketed', ['OrderTicketed']],
    ['Order*', ['OrderCreated', 'OrderTicketed', 'SeatsDeletion']],
    ['Seats*', ['SeatsDeletion']],
    ['order.*', ['OrderTicketed']],
    ['*', ['OrderCreated', 'OrderTicketed', 'SeatsDeletion']],
    ['order*d', null],
    ['Invoice*', []],
  ])('matches the pattern %s with %j', (pattern, names) => {
    if (names) expect(catalog.matching(pattern)).toEqual(named(...names));
    else expect(() => catalog.matching(pattern)).toThrow(/Unknown event type/);
  });

  it('suggests the nearest name for an unknown one', () => {
    expect(catalog.find('OrderTicketd')).toBeUndefined();
    expect(() => catalog.get('OrderTicketd')).toThrow(
      expect.objectContaining({
        code: 'UNKNOWN_EVENT_TYPE',
        eventType: 'OrderTicketd',
        suggestion: 'OrderTicketed',
        message: 'Unknown event type "OrderTicketd": did you mean "OrderTicketed"?',
      }),
    );
    expect(() => catalog.matching('ordercreated')).toThrow(/did you mean "OrderCreated"/);
  });

  it('names what it knows when nothing is near', () => {
    expect(() => catalog.get('Invoice')).toThrow(
      /known are OrderCreated, OrderTicketed, SeatsDeletion; register/,
    );
    expect(() => new EventCatalog().get('Invoice')).toThrow(/no event class is registered yet/);
  });

  it('says how to register the class of an unknown event', () => {
    expect(() => catalog.of(new Undecorated())).toThrow(
      /register its class with .*forFeature\(\[Undecorated\]\)/,
    );
    expect(() => catalog.of({ agw_id: 'AGW-1' })).toThrow(
      /an instance of an event class, not a plain object/,
    );
    expect(() => catalog.of(Object.create(null) as object)).toThrow(/not a plain object/);
    expect(() => catalog.of(null as unknown as object)).toThrow(/not a plain object/);
  });

  it.each([
    [
      'name and name',
      { name: 'OrderCreated' },
      /"OrderCreated" is the name of OrderCreated and also the name of Copy/,
    ],
    [
      'name and alias',
      { name: 'X', aliases: ['OrderCreated'] },
      /the name of OrderCreated and also an alias of Copy/,
    ],
    ['alias and name', { name: 'order.ticketed' }, /an alias of OrderTicketed and also the name of Copy/],
    [
      'alias and alias',
      { name: 'X', aliases: ['SeatsRemoval'] },
      /an alias of SeatsDeletion and also an alias of Copy/,
    ],
    ['its own name and alias', { name: 'X', aliases: ['X'] }, /the name of Copy and also the name of Copy/],
  ])(
    'refuses a clash of %s',
    (_title, { name, aliases = [] }: { name: string; aliases?: string[] }, message) => {
      @WebhookEvent(name, { aliases })
      class Copy {}
      const full = catalogOf(OrderCreated, OrderTicketed, SeatsDeletion);
      expect(() => full.register([Copy])).toThrow(
        expect.objectContaining({ code: 'CATALOG_INVALID', message: expect.stringMatching(message) }),
      );
      expect(full.has(Copy)).toBe(false);
    },
  );

  it('tells names apart by case', () => {
    @WebhookEvent('ordercreated')
    class Lower {}
    expect(catalogOf(OrderCreated, Lower).get('ordercreated').eventClass).toBe(Lower);
  });

  it('registers a class whose constructor is private', () => {
    @WebhookEvent('Private')
    class Private {
      @IsString() text = 'x';
      private constructor() {}
      static of(): Private {
        return new Private();
      }
    }
    const type = catalogOf(Private).of(Private.of());
    expect(() => type.validate(Private.of())).not.toThrow();
  });
});
