import * as classValidator from 'class-validator';
import type { ValidationRule } from './class-metadata.js';
import { rulesSchema, validatorSchema } from './validator-schemas.js';

function rule(name: string, constraints: unknown[] = [], more: Partial<ValidationRule> = {}): ValidationRule {
  return { name, constraints, each: false, validateIf: null, judges: [], ...more };
}

describe('validatorSchema', () => {
  it.each([
    ['isString', [], { type: 'string' }],
    ['isNumber', [], { type: 'number' }],
    ['isInt', [], { type: 'integer' }],
    ['isBoolean', [], { type: 'boolean' }],
    ['isObject', [], { type: 'object' }],
    ['isPositive', [], { type: 'number', exclusiveMinimum: 0 }],
    ['min', [2], { type: 'number', minimum: 2 }],
    ['max', [9], { type: 'number', maximum: 9 }],
    ['isLength', [3, 5], { type: 'string', minLength: 3, maxLength: 5 }],
    ['isLength', [3], { type: 'string', minLength: 3 }],
    ['minLength', [3], { type: 'string', minLength: 3 }],
    ['maxLength', [5], { type: 'string', maxLength: 5 }],
    ['isNotEmpty', [], { minLength: 1 }],
    ['isIn', [['a', 1]], { enum: ['a', 1] }],
    ['isEnum', [{ A: 'a', B: 'b' }, ['a', 'b']], { enum: ['a', 'b'] }],
    ['equals', ['x'], { const: 'x' }],
    ['isArray', [], { type: 'array' }],
    ['arrayNotEmpty', [], { type: 'array', minItems: 1 }],
    ['arrayMinSize', [2], { type: 'array', minItems: 2 }],
    ['arrayMaxSize', [4], { type: 'array', maxItems: 4 }],
    ['isEmail', [], { type: 'string', format: 'email' }],
    ['isUrl', [], { type: 'string', format: 'uri' }],
    ['isUuid', ['4'], { type: 'string', format: 'uuid' }],
    ['isIso8601', [], { type: 'string', format: 'date-time' }],
    ['isDateString', [], { type: 'string', format: 'date-time' }],
    ['matches', [/^[A-Z]{3}$/], { type: 'string', pattern: '^[A-Z]{3}$' }],
    ['matches', ['^a', ''], { type: 'string', pattern: '^a' }],
    ['somethingOfTheHost', [], {}],
    ['constructor', [], {}],
  ])('says %s %j as %j', (name, constraints, expected) => {
    expect(validatorSchema(rule(name, constraints))).toEqual(expected);
  });

  it('leaves out a pattern whose flags or syntax a schema cannot express', () => {
    expect(validatorSchema(rule('matches', [/^abc$/i]))).toEqual({ type: 'string' });
    expect(validatorSchema(rule('matches', [/^[\w\-]+$/]))).toEqual({
      type: 'string',
      pattern: '^[\\w\\-]+$',
    });
    expect(validatorSchema(rule('matches', [/\_/]))).toEqual({ type: 'string' });
  });

  it('leaves out a validator that holds only under a condition', () => {
    expect(validatorSchema(rule('isString', [], { validateIf: () => false }))).toEqual({});
  });

  it('promises a text only where the validator refuses everything else', () => {
    const names = Object.entries(classValidator)
      .filter(([constant]) => /^[A-Z0-9_]+$/.test(constant))
      .map(([, name]) => String(name));
    const texts = names.filter((name) => validatorSchema(rule(name, [/x/, 'i'])).type === 'string');
    const judges = new Map(
      Object.entries(classValidator).map(([name, judge]) => [name.toLowerCase(), judge]),
    );
    const lenient = texts.filter((name) => {
      const judge = judges.get(name.toLowerCase()) ?? judges.get(name === 'isLength' ? 'length' : '');
      return name !== 'isDate' && name !== 'isLength' && (judge as (value: unknown) => boolean)(5);
    });
    expect(texts.length).toBeGreaterThan(60);
    expect(lenient).toEqual([]);
  });
});

describe('rulesSchema', () => {
  it('takes the stricter bound of two', () => {
    const rules = [rule('min', [1]), rule('min', [5]), rule('max', [9]), rule('max', [7])];
    expect(rulesSchema(rules)).toEqual({ type: 'number', minimum: 5, maximum: 7 });
  });

  it('calls a number that is also an integer an integer, in either order', () => {
    expect(rulesSchema([rule('min', [0]), rule('isInt')])).toEqual({ type: 'integer', minimum: 0 });
    expect(rulesSchema([rule('isInt'), rule('isNumber')])).toEqual({ type: 'integer' });
  });

  it('keeps the values that two enumerations share', () => {
    expect(rulesSchema([rule('isIn', [['a', 'b']]), rule('isIn', [['b', 'c']])])).toEqual({ enum: ['b'] });
  });

  it('asks for a character when a text may not be empty, whatever else is asked', () => {
    const rules = [rule('isString'), rule('isNotEmpty'), rule('maxLength', [5])];
    expect(rulesSchema(rules)).toEqual({ type: 'string', minLength: 1, maxLength: 5 });
  });
});
