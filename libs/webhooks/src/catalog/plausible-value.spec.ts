import { plausibleValue } from './plausible-value.js';

describe('plausibleValue', () => {
  it.each([
    [{ const: 'x' }, 'x'],
    [{ type: 'string', enum: ['on hold', 'ticketed'] }, 'on hold'],
    [{ type: ['string', 'null'], enum: ['a', null] }, 'a'],
    [{ type: ['string', 'null'] }, null],
    [{ anyOf: [{ $ref: '#/$defs/Leg' }, { type: 'null' }] }, null],
    [{ type: 'string' }, ''],
    [{}, ''],
    [{ type: 'string', minLength: 3 }, 'aaa'],
    [{ type: 'string', format: 'email' }, 'someone@mail.example'],
    [{ type: 'string', pattern: '^[A-Z]{3}$' }, 'AAA'],
    [{ type: 'string', pattern: '^\\d{7,8}$' }, '0000000'],
    [{ type: 'string', pattern: '^AGW-\\d+$' }, undefined],
    [{ type: 'integer' }, 0],
    [{ type: 'integer', minimum: 1.5 }, 2],
    [{ type: 'number', exclusiveMinimum: 0 }, 1],
    [{ type: 'number', maximum: -3 }, -3],
    [{ type: 'boolean' }, false],
    [{ type: 'object' }, {}],
    [{ type: 'array' }, ['']],
    [{ type: 'array', minItems: 2, items: { type: 'integer' } }, [0, 0]],
    [{ type: 'array', maxItems: 0, items: { type: 'integer' } }, []],
    [{ type: 'array', items: { type: 'string', pattern: '^AGW-' } }, undefined],
  ])('guesses for %j the value %j', (schema, expected) => {
    expect(plausibleValue(schema)).toEqual(expected);
  });
});
