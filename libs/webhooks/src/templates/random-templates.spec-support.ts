import fc from 'fast-check';
import { FILTERS } from './liquid/filters.js';

/** Names that random events and random templates share. */
export const NAMES = ['a', 'b', 'c', 'name', 'items'] as const;

const name = fc.constantFrom<string>(...NAMES);

/** Any JSON, with names that templates use and without template syntax of its own. */
const value = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<unknown>(
      null,
      true,
      false,
      0,
      -1,
      1.5,
      1e21,
      '',
      'x',
      'Ana Pérez',
      '2026-03-10T09:00:00Z',
    ),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.string({ unit: 'binary', maxLength: 12 }).map((text) => text.replace(/[{}%]/g, '')),
    fc.array(tie('json'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(name, fc.constant('other')), tie('json'), { maxKeys: 4 }),
  ),
})).json;

/** An event. */
export const event = fc.dictionary(name, value, { maxKeys: NAMES.length });

const step = fc.oneof(
  name.map((key) => `.${key}`),
  fc.nat(3).map((index) => `[${index}]`),
  name.map((key) => `["${key}"]`),
);

/** A plain path. */
export const plainPath = fc
  .tuple(name, fc.array(step, { maxLength: 3 }))
  .map(([first, steps]) => first + steps.join(''));

const literal = fc.oneof(
  fc.integer({ min: -1000, max: 1000 }).map(String),
  fc.constantFrom('true', 'nil', 'empty', '"x"', "' '", '1.5', '"%Y-%m-%d"', '", "'),
);

const operand = fc.oneof({ weight: 3, arbitrary: plainPath }, { weight: 2, arbitrary: literal });

const filter = fc
  .constantFrom(...FILTERS.keys())
  .chain((filterName) => {
    const { args, property } = FILTERS.get(filterName) ?? { args: [0, 0], property: undefined };
    const first = property ? name.map((key) => `"${key}"`) : operand;
    return fc
      .tuple(first, fc.array(operand, { minLength: args[0], maxLength: args[1] }))
      .map(([head, rest]) => [filterName, rest.length === 0 ? [] : [head, ...rest.slice(1)]] as const);
  })
  .map(([filterName, args]) => ` | ${filterName}${args.length === 0 ? '' : `: ${args.join(', ')}`}`);

const condition = fc
  .tuple(operand, fc.constantFrom('==', '!=', '<', '>', 'contains', 'and', 'or'), operand)
  .map((parts) => parts.join(' '));

const output = fc
  .tuple(fc.oneof(operand, condition), fc.array(filter, { maxLength: 3 }))
  .map(([first, filters]) => `{{ ${first}${filters.join('')} }}`);

const words = fc.constantFrom('', ' ', 'Order ', '-', 'é', '"', '\n', '&', '/');

/** A template string, of which most are accepted. */
export const templateText = fc.letrec<{ text: string }>((tie) => ({
  text: fc.oneof(
    { depthSize: 'small' },
    words,
    plainPath.map((path) => `{{${path}}}`),
    output,
    fc.tuple(tie('text'), tie('text')).map(([left, right]) => left + right),
    fc
      .tuple(condition, tie('text'), tie('text'))
      .map(([test, yes, no]) => `{% if ${test} %}${yes}{% else %}${no}{% endif %}`),
    fc
      .tuple(plainPath, tie('text'))
      .map(([list, body]) => `{% for x in ${list} %}${body}{{ x }},{% endfor %}`),
    fc
      .tuple(name, output)
      .map(([variable, made]) => `{% assign ${variable} = ${made.slice(2, -2)} %}{{ ${variable} }}`),
  ),
})).text;
