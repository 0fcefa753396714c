import {
  ArrayNotEmpty,
  IsArray,
  IsIn,
  IsInt,
  IsISO8601,
  IsNumber,
  IsOptional,
  IsString,
  Length,
  Min,
  registerDecorator,
  Validate,
  ValidateIf,
  ValidateNested,
  validateSync,
  ValidatePromise,
  ValidatorConstraint,
} from 'class-validator';
import fc from 'fast-check';
import { EventInvalidError } from '../errors/event-invalid-error.js';
import { readClass } from './class-metadata.accessor.js';
import { CompiledCheck } from './compiled-check.js';
import { EventCatalog } from './event-catalog.service.js';
import { WebhookEvent } from './webhook-event.decorator.js';
import { WebhookField } from './webhook-field.decorator.js';

@ValidatorConstraint()
class IsUpperCase {
  validate(value: unknown): boolean {
    return typeof value === 'string' && value === value.toUpperCase();
  }
}

const IsWorld = () => (target: object, propertyName: string) =>
  registerDecorator({
    target: target.constructor,
    propertyName,
    constraints: ['world'],
    validator: {
      validate: (value, args) => value === args?.constraints[0] && args?.property === propertyName,
    },
  });

class Ticket {
  @Length(3, 13) number!: string;
  @IsOptional() @IsIn(['OPEN', 'VOID']) status?: string | null;
}

class Passenger {
  @IsString() name!: string;
  @WebhookField({ nullable: true, type: () => Ticket }) @ValidateNested() ticket!: Ticket | null;
}

class OrderEvent {
  @Validate(IsUpperCase) agw_id!: string;
  @WebhookField({ nullable: true }) @IsString() pnr!: string | null;
  @IsNumber() @Min(0) total!: number;
}

@WebhookEvent('OrderTicketed')
class OrderTicketed extends OrderEvent {
  @IsInt() @Min(1, { validateIf: (event: OrderTicketed) => event.total > 10 }) adults!: number;
  @IsArray() @IsIn(['a', 'b'], { each: true }) @ArrayNotEmpty() changes!: string[];
  @ValidateIf((event: OrderTicketed) => event.adults > 1) @IsISO8601() deadline?: string;
  @IsWorld() hello!: string;

  @WebhookField({ type: () => Passenger })
  @ValidateNested({ each: true })
  passengers!: Passenger[];
}

function anOf<T extends object>(create: new () => T, values: object): T {
  return Object.assign(new create(), values);
}

function event(values: object = {}): OrderTicketed {
  return anOf(OrderTicketed, {
    agw_id: 'AGW-1',
    pnr: null,
    total: 20,
    adults: 1,
    changes: ['a'],
    hello: 'world',
    passengers: [anOf(Passenger, { name: 'Ana', ticket: anOf(Ticket, { number: '075' }) })],
    ...values,
  });
}

const catalog = new EventCatalog();
catalog.register([OrderTicketed]);
const type = catalog.get('OrderTicketed');

function refusal(given: object): EventInvalidError {
  try {
    type.validate(given);
  } catch (error) {
    if (error instanceof EventInvalidError) return error;
    throw error;
  }
  throw new Error('the event was accepted');
}

describe('validation of an event', () => {
  it('accepts a valid event', () => {
    expect(() => type.validate(event())).not.toThrow();
  });

  it('names the type, the path and the reason, and counts the rest', () => {
    const passengers = [anOf(Passenger, { name: 5, ticket: anOf(Ticket, { number: '1' }) })];
    const error = refusal(event({ passengers }));
    expect(error).toMatchObject({
      code: 'EVENT_INVALID',
      eventType: 'OrderTicketed',
      message: 'OrderTicketed is not valid at passengers[0].name: name must be a string (and 1 more)',
      issues: [
        { path: 'passengers[0].name', message: 'name must be a string' },
        {
          path: 'passengers[0].ticket.number',
          message: 'number must be longer than or equal to 3 characters',
        },
      ],
    });
  });

  it('reports every message of a field', () => {
    const paths = refusal(event({ total: 'x' })).issues.map(({ path, message }) => `${path}: ${message}`);
    expect(paths.filter((text) => text.startsWith('total: '))).toHaveLength(2);
  });

  it('refuses a plain object and another class, and says what it wants', () => {
    expect(refusal({ ...event() }).message).toBe(
      'OrderTicketed is not valid: it is a plain object and must be an instance of OrderTicketed, ' +
        'which carries the validators',
    );
    expect(refusal(new Date()).message).toMatch(/it is Date and must be an instance of OrderTicketed/);
    expect(refusal(null as unknown as object).message).toMatch(/it is null/);
  });

  it('refuses plain objects where a nested class belongs, with their path and the class', () => {
    const passengers = [event().passengers[0], { name: 'Ana', ticket: null }];
    expect(refusal(event({ passengers })).issues).toEqual([
      {
        path: 'passengers[1]',
        message: 'must be an instance of Passenger: a plain object has no validators',
      },
    ]);
    const nested = [anOf(Passenger, { name: 'Ana', ticket: { number: '075' } })];
    expect(refusal(event({ passengers: nested })).issues[0]).toMatchObject({
      path: 'passengers[0].ticket',
      message: expect.stringContaining('instance of Ticket'),
    });
  });

  it('refuses an absent nested field, which class-validator alone lets through', () => {
    expect(validateSync(event({ passengers: undefined }))).toEqual([]);
    expect(refusal(event({ passengers: undefined })).issues).toEqual([
      { path: 'passengers', message: expect.stringContaining('passengers is missing') },
    ]);
  });

  it('lets undeclared properties through', () => {
    expect(() => type.validate(event({ remark: 'x' }))).not.toThrow();
  });

  it('judges a class without validators by presence only', () => {
    @WebhookEvent('Ping')
    class Ping {
      @WebhookField() text?: string;
    }
    const pings = new EventCatalog();
    pings.register([Ping]);
    expect(() => pings.get('Ping').validate(anOf(Ping, { text: 'x' }))).not.toThrow();
    expect(() => pings.get('Ping').validate(new Ping())).toThrow(/text is missing/);
  });

  it('leaves promises to class-validator', () => {
    @WebhookEvent('Later')
    class Later {
      @ValidatePromise() @IsString() text!: Promise<string>;
    }
    const later = new EventCatalog();
    later.register([Later]);
    expect(new CompiledCheck(readClass).accepts(anOf(Later, { text: Promise.resolve('x') }))).toBe(false);
    expect(() => later.get('Later').validate(anOf(Later, { text: Promise.resolve('x') }))).not.toThrow();
  });

  it('leaves a failure of a validator that throws to its author', () => {
    @WebhookEvent('Broken')
    class Broken {
      @ValidateIf(() => {
        throw new Error('condition is broken');
      })
      @IsString()
      text!: string;
    }
    const broken = new EventCatalog();
    broken.register([Broken]);
    expect(() => broken.get('Broken').validate(new Broken())).toThrow('condition is broken');
  });
});

describe('the compiled check', () => {
  const odd = fc.oneof(fc.constantFrom(null, undefined, '', 'a', 'AGW-1', 5, -1, 1.5, true), fc.constant([]));
  const mostly = (good: unknown, ...more: fc.Arbitrary<unknown>[]) =>
    fc.oneof({ weight: 12, arbitrary: fc.constant(good) }, odd, ...more);
  const ticket = fc
    .record({ number: mostly('075'), status: mostly('OPEN') })
    .map((values) => anOf(Ticket, values));
  const passenger = fc
    .record({
      name: mostly('Ana'),
      ticket: fc.oneof({ weight: 6, arbitrary: ticket }, fc.constant(undefined), fc.constant({}), odd),
    })
    .map((values) => anOf(Passenger, values));
  const events = fc
    .record({
      agw_id: mostly('AGW-1'),
      pnr: mostly('YMCP6O'),
      total: mostly(20, fc.constant(5)),
      adults: mostly(2, fc.constant(0)),
      changes: mostly(['a', 'b'], fc.constant(['a', 'c']), fc.constant(new Set(['a']))),
      deadline: mostly('2026-03-10', fc.constant('tomorrow')),
      hello: mostly('world'),
      passengers: fc.oneof(
        { weight: 6, arbitrary: fc.array(passenger, { maxLength: 2 }) },
        fc.array(fc.oneof(passenger, odd), { maxLength: 2 }),
        fc.constant([[anOf(Passenger, { name: 'Ana', ticket: null })]]),
        fc.constant(new Map([['x', anOf(Passenger, { name: 5 })]])),
        odd,
      ),
    })
    .map((values) => anOf(OrderTicketed, values));

  const refused = (given: OrderTicketed) => {
    try {
      type.validate(given);
      return [];
    } catch (error) {
      return (error as EventInvalidError).issues;
    }
  };

  /** For each verdict: whether there are no issues, and whether all of them are about absence. */
  const EXPECTED = { accepted: [true, true], refused: [false, false], missing: [false, true] };

  it('says yes exactly if class-validator does and nothing is missing', () => {
    const quick = new CompiledCheck(readClass);
    const seen = { accepted: 0, refused: 0, missing: 0 };
    fc.assert(
      fc.property(events, (given) => {
        const fine = validateSync(given).length === 0;
        const issues = refused(given);
        const verdict = !fine ? 'refused' : issues.length > 0 ? 'missing' : 'accepted';
        const left = given.changes instanceof Set || given.passengers instanceof Map;
        expect(quick.accepts(given)).toBe(verdict === 'accepted' && !left);
        const onlyMissing = issues.every(({ message }) => message.includes('is missing'));
        expect([issues.length === 0, onlyMissing]).toEqual(EXPECTED[verdict]);
        seen[verdict]++;
      }),
      { numRuns: 4000, seed: 20260310 },
    );
    expect(Math.min(seen.accepted, seen.refused, seen.missing)).toBeGreaterThan(100);
  });
});
