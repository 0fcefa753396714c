import { Ajv2020 } from 'ajv/dist/2020.js';
import { plainToInstance, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayNotEmpty,
  IsArray,
  IsBoolean,
  IsDateString,
  IsEmail,
  IsEnum,
  IsIn,
  IsInt,
  IsISO8601,
  IsNotEmpty,
  IsNumber,
  IsObject,
  IsOptional,
  IsPositive,
  IsString,
  IsUrl,
  IsUUID,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import type { Class } from './event-class.js';
import type { EventType } from './event-type.js';
import { createEventType } from './event-type.factory.js';
import { EventValidator } from './event.validator.js';
import { WebhookEvent } from './webhook-event.decorator.js';
import { WebhookField } from './webhook-field.decorator.js';

const Cabin = { Economy: 'Y', Business: 'C' } as const;

class Stop {
  @WebhookField({ example: 'MAD' })
  @Length(3, 3)
  airport!: string;
}

class Leg {
  @WebhookField({ example: 'IB3170' })
  @IsString()
  @IsNotEmpty()
  flight!: string;

  @WebhookField({ type: () => Stop })
  @ValidateNested({ each: true })
  @ArrayMaxSize(2)
  stops!: Stop[];

  @WebhookField({ type: () => Leg, nullable: true })
  @ValidateNested()
  @Type(() => Leg)
  next!: Leg | null;
}
Type(() => Stop)(Leg.prototype, 'stops');

class OrderEvent {
  @WebhookField({ description: 'Our own number', example: 'AGW-E1TLLZH0HB', aliases: ['agwID'] })
  @Matches(/^AGW-[0-9A-Z]{10}$/)
  agw_id!: string;

  @WebhookField({ description: 'Locator', nullable: true, deprecated: { since: '2', replacedBy: 'agw_id' } })
  @IsString()
  @MinLength(5)
  @MaxLength(13)
  pnr!: string | null;

  @WebhookField({ example: 412.35 })
  @IsNumber()
  @IsPositive()
  total!: number;
}

@WebhookEvent('OrderTicketed', {
  description: 'All tickets are issued',
  aliases: ['order.ticketed'],
  version: 3,
  subject: (event) => `order:${event.agw_id}`,
})
class OrderTicketed extends OrderEvent {
  @WebhookField({ example: 'MAD-001' })
  declare pnr: string | null;

  @IsInt() @Min(0) @Max(9) adults!: number;
  @IsBoolean() reissue!: boolean;
  @IsIn(['on hold', 'ticketed']) status!: string;
  @WebhookField({ nullable: true }) @IsIn(['agent', 'airline']) by!: string | null;
  @IsEnum(Cabin) cabin!: string;
  @IsArray() @ArrayNotEmpty() @IsString({ each: true }) @MinLength(2, { each: true }) changes!: string[];
  @ArrayMinSize(2) @IsInt({ each: true }) numbers!: number[];
  @IsEmail() email!: string;
  @IsUrl() link!: string;
  @IsUUID() session!: string;
  @IsISO8601() created_on!: string;
  @IsDateString() birth_date!: string;
  @IsOptional() @IsString() note?: string | null;
  @ValidateIf((_event, value) => value !== null) @IsString() agent!: string | null;
  @IsObject() extras!: Record<string, unknown>;

  @WebhookField({ type: () => Leg })
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => Leg)
  legs!: Leg[];

  @WebhookField({ type: () => Stop })
  @ValidateNested()
  @Type(() => Stop)
  turnaround!: Stop;
}

function eventType(eventClass: Class): EventType {
  return createEventType(eventClass, new EventValidator());
}

function ajvOf({ schema }: EventType): (data: unknown) => boolean {
  const ajv = new Ajv2020({
    strict: true,
    allowUnionTypes: true,
    validateFormats: false,
    keywords: ['x-aliases'],
  });
  expect(ajv.validateSchema(schema)).toBe(true);
  return ajv.compile(schema);
}

const ticketed = eventType(OrderTicketed);

const VALID = {
  agw_id: 'AGW-E1TLLZH0HB',
  pnr: 'YMCP6O',
  total: 412.35,
  adults: 2,
  reissue: false,
  status: 'ticketed',
  by: 'agent',
  cabin: 'Y',
  changes: ['seats'],
  numbers: [1, 2],
  email: 'lucia.perez@viajes.example',
  link: 'https://www.example.com/orders/1',
  session: '3f2b8c1e-5d4a-4e6f-9a7b-0c1d2e3f4a5b',
  created_on: '2026-03-10T09:15:00Z',
  birth_date: '1990-02-28',
  note: 'window seat',
  agent: 'Lucía Pérez',
  extras: { any: 'thing' },
  legs: [{ flight: 'IB3170', stops: [{ airport: 'MAD' }], next: null }],
  turnaround: { airport: 'LHR' },
};

const ENVELOPE = {
  event_id: 'evt_1',
  event_type: 'OrderTicketed',
  occurred_at: '2026-03-10T09:20:30.000Z',
  sequence: 4,
  catalog_version: 3,
};

type Change = [title: string, change: Record<string, unknown>];

const ACCEPTED: Change[] = [
  ['as it is', {}],
  ['null where null is a value', { pnr: null, by: null, agent: null }],
  ['a property nobody declared', { internal_remark: 'x' }],
  ['an absent optional field', { note: undefined }],
  ['an optional field that is null', { note: null }],
  ['an empty list of nested objects', { legs: [] }],
  ['a nested object in a nested object', { legs: [{ ...VALID.legs[0], next: VALID.legs[0] }] }],
  ['a date without a time', { created_on: '2026-03-10' }],
  ['bounds that are just met', { adults: 9, pnr: 'ABCDE', changes: ['ab'] }],
  ['characters outside the basic plane', { pnr: '😀😀😀😀😀' }],
];

const REFUSED: Change[] = [
  ['a text that does not match', { agw_id: 'AGW-1' }],
  ['null where it is no value', { agw_id: null }],
  ['a number where a text belongs', { agent: 5 }],
  ['an absent required field', { adults: undefined }],
  ['an absent nullable field', { pnr: undefined }],
  ['an absent nested object', { turnaround: undefined }],
  ['null for a nested object', { turnaround: null }],
  ['a text for a nested object', { turnaround: 'LHR' }],
  ['a text that is too short', { pnr: 'ABCD' }],
  ['a text that is too long', { pnr: 'ABCDEFGHIJKLMN' }],
  ['a fraction for an integer', { adults: 1.5 }],
  ['a number below its bound', { adults: -1 }],
  ['a number above its bound', { adults: 10 }],
  ['zero where the number is positive', { total: 0 }],
  ['a text for a boolean', { reissue: 'false' }],
  ['a value outside the enumeration', { status: 'cancelled' }],
  ['a value outside a nullable enumeration', { by: 'system' }],
  ['a value outside the enum', { cabin: 'F' }],
  ['an empty list that must not be', { changes: [] }],
  ['an element of a wrong type', { changes: [7] }],
  ['an element that is too short', { changes: ['a'] }],
  ['a list that is too short', { numbers: [1] }],
  ['a number for an optional text', { note: 5 }],
  ['a list for an object', { extras: [] }],
  ['a text for a list', { legs: 'IB3170' }],
  ['a nested object with an empty text', { legs: [{ ...VALID.legs[0], flight: '' }] }],
  ['a nested object without a field', { legs: [{ ...VALID.legs[0], next: undefined }] }],
  ['an error two levels down', { legs: [{ ...VALID.legs[0], stops: [{ airport: 'MADRID' }] }] }],
];

function judged(change: Record<string, unknown>): { validators: boolean; schema: boolean } {
  const plain = { ...VALID, ...change };
  let validators = true;
  try {
    ticketed.validate(plainToInstance(OrderTicketed, plain));
  } catch {
    validators = false;
  }
  const data: unknown = JSON.parse(JSON.stringify({ ...ENVELOPE, ...plain }));
  return { validators, schema: ajvOf(ticketed)(data) };
}

describe('the schema of an event type', () => {
  it.each(ACCEPTED)('agrees with the validators in accepting %s', (_title, change) => {
    expect(judged(change)).toEqual({ validators: true, schema: true });
  });

  it.each(REFUSED)('agrees with the validators in refusing %s', (_title, change) => {
    expect(judged(change)).toEqual({ validators: false, schema: false });
  });

  it.each(Object.keys(ENVELOPE))('requires %s of the envelope', (field) => {
    const data = { ...ENVELOPE, ...VALID };
    expect(ajvOf(ticketed)({ ...data, [field]: undefined })).toBe(false);
  });

  it('lets the sequence be null and the type be only its own', () => {
    const accepts = ajvOf(ticketed);
    expect(accepts({ ...ENVELOPE, ...VALID, sequence: null })).toBe(true);
    expect(accepts({ ...ENVELOPE, ...VALID, event_type: 'OrderCanceled' })).toBe(false);
    expect(accepts({ ...ENVELOPE, ...VALID, sequence: 1.5 })).toBe(false);
  });

  it('carries description, example, aliases and deprecation', () => {
    expect(ticketed.schema).toMatchObject({ title: 'OrderTicketed', description: 'All tickets are issued' });
    expect(ticketed.schema.properties).toMatchObject({
      agw_id: {
        type: 'string',
        pattern: '^AGW-[0-9A-Z]{10}$',
        description: 'Our own number',
        examples: ['AGW-E1TLLZH0HB'],
        'x-aliases': ['agwID'],
      },
      by: { enum: ['agent', 'airline', null] },
    });
  });

  it('lets a subclass change single options and keeps the rest, validators included', () => {
    expect(ticketed.schema.properties?.pnr).toEqual({
      type: ['string', 'null'],
      minLength: 5,
      maxLength: 13,
      description: 'Locator',
      examples: ['MAD-001'],
      deprecated: true,
    });
  });

  it('defines nested classes once and refers to them', () => {
    expect(Object.keys(ticketed.schema.$defs ?? {})).toEqual(['Leg', 'Stop']);
    expect(ticketed.schema.properties).toMatchObject({
      legs: { type: 'array', items: { $ref: '#/$defs/Leg' } },
      turnaround: { $ref: '#/$defs/Stop' },
    });
    expect(ticketed.schema.$defs?.Leg?.properties?.next).toEqual({
      anyOf: [{ $ref: '#/$defs/Leg' }, { type: 'null' }],
    });
  });

  it('keeps two nested classes of one name apart', () => {
    const Other = { Stop: class Stop {} }.Stop;
    IsInt()(Other.prototype, 'minutes');
    @WebhookEvent('Two')
    class Two {
      @WebhookField({ type: () => Stop }) @ValidateNested() one!: Stop;
      @WebhookField({ type: () => Other }) @ValidateNested() other!: object;
    }
    const { schema } = eventType(Two);
    expect(schema.properties).toMatchObject({
      one: { $ref: '#/$defs/Stop' },
      other: { $ref: '#/$defs/Stop2' },
    });
    expect(schema.$defs).toMatchObject({
      Stop: { properties: { airport: {} } },
      Stop2: { properties: { minutes: { type: 'integer' } } },
    });
  });

  it('takes the declared type where no validator names one', () => {
    @WebhookEvent('Declared')
    class Declared {
      @WebhookField() text!: string;
      @WebhookField() amount!: number;
      @WebhookField() at!: Date;
      @WebhookField() either!: string | number;
    }
    expect(eventType(Declared).schema.properties).toMatchObject({
      text: { type: 'string' },
      amount: { type: 'number' },
      at: { type: 'string', format: 'date-time' },
      either: {},
    });
  });

  it('says deprecated of a deprecated event type', () => {
    @WebhookEvent('Old', { deprecated: { since: '2025', replacedBy: 'New' } })
    class Old {}
    const type = eventType(Old);
    expect(type.schema.deprecated).toBe(true);
    expect(type.deprecated).toEqual({ since: '2025', replacedBy: 'New' });
  });
});

describe('the sample of an event type', () => {
  it('is made of the examples, also of nested classes, and satisfies the schema', () => {
    expect(ticketed.sample).toMatchObject({
      event_type: 'OrderTicketed',
      sequence: 1,
      catalog_version: 3,
      agw_id: 'AGW-E1TLLZH0HB',
      pnr: 'MAD-001',
      status: 'on hold',
      agent: null,
      numbers: [0, 0],
      legs: [{ flight: 'IB3170', stops: [{ airport: 'MAD' }], next: null }],
      turnaround: { airport: 'MAD' },
    });
    expect(ajvOf(ticketed)(ticketed.sample)).toBe(true);
  });

  it('takes a given example for a list and turns dates into text', () => {
    @WebhookEvent('Given')
    class Given {
      @WebhookField({ type: () => Stop, example: [{ airport: 'AKL' }, { airport: 'HNL' }] })
      @ValidateNested({ each: true })
      stops!: Stop[];

      @WebhookField({ example: new Date(0) }) at!: Date;
    }
    expect(eventType(Given).sample).toMatchObject({
      stops: [{ airport: 'AKL' }, { airport: 'HNL' }],
      at: '1970-01-01T00:00:00.000Z',
      sequence: null,
    });
  });

  it('ends circles with an empty list, and as many elements as a list needs', () => {
    class Node {
      @WebhookField({ type: () => Node }) @ValidateNested({ each: true }) children!: Node[];
    }
    @WebhookEvent('Tree')
    class Tree {
      @WebhookField({ type: () => Node }) @ArrayMinSize(2) @ValidateNested({ each: true }) roots!: Node[];
      @WebhookField({ type: () => Tree }) @IsOptional() @ValidateNested() parent?: Tree;
    }
    const type = eventType(Tree);
    expect(type.sample).toMatchObject({ roots: [{ children: [] }, { children: [] }], parent: null });
    expect(ajvOf(type)(type.sample)).toBe(true);
  });
});
