import { JsonBody } from './json-body.js';
import { KnownFields } from './known-fields.js';
import { renderingOf } from './rendering.spec-support.js';
import { templateErrorOf } from './template-error.spec-support.js';

const NAMES = ['pnr', 'agent', 'pax', 'total', 'paid', 'none', 'absent', 'a', 'b'];
const FIELDS = new KnownFields({
  type: 'object',
  properties: {
    ...Object.fromEntries(NAMES.map((name) => [name, {}])),
    passengers: { type: 'array', items: { type: 'object', properties: { name: { type: 'string' } } } },
  },
});
const DATA = {
  pnr: 'YMCP6O',
  agent: 'Ana',
  total: 412.35,
  paid: false,
  none: null,
  passengers: [{ name: 'GARCIA/ANA' }, { name: 'GARCIA/LUIS' }],
};

function render(body: unknown, data: Record<string, unknown> = DATA): string {
  return JsonBody.parse(body, FIELDS).render(renderingOf(data));
}

describe('JsonBody', () => {
  it.each([
    ['a string', '{{pnr}}', '"YMCP6O"'],
    ['a number', '{{total}}', '412.35'],
    ['a boolean', '{{paid}}', 'false'],
    ['null', '{{none}}', 'null'],
    ['an absent field', '{{absent}}', 'null'],
    ['an absent nested field', '{{passengers[7].name}}', 'null'],
    ['a list', '{{passengers}}', JSON.stringify(DATA.passengers)],
    ['an object', '{{passengers[0]}}', '{"name":"GARCIA/ANA"}'],
    ['blanks and dashes inside the braces', '{{-  total\n -}}', '412.35'],
  ])('keeps the JSON type of an exact leaf: %s', (_, leaf, expected) => {
    expect(render(leaf)).toBe(expected);
    expect(render({ leaf })).toBe(`{"leaf":${expected}}`);
  });

  it.each([
    ['blanks outside the braces', ' {{total}}', ' 412.35'],
    ['blanks outside that a dash takes away', ' {{- total -}} ', '412.35'],
    ['two placeholders', '{{total}}{{paid}}', '412.35false'],
    ['null and absent', '[{{none}}{{absent}}]', '[]'],
    ['a list', 'p={{passengers}}', `p=${JSON.stringify(DATA.passengers)}`],
    ['lone closing braces', '}} {{pnr}} }', '}} YMCP6O }'],
    ['dashes beside text', 'a {{- pnr -}} b {{ agent }} c', 'aYMCP6Ob Ana c'],
  ])('renders a text leaf to a string: %s', (_, leaf, expected) => {
    expect(render([leaf])).toBe(JSON.stringify([expected]));
  });

  it('keeps literals, empty containers and the order of keys', () => {
    const body = { z: 1, a: null, b: [], c: {}, d: [true, 1.5e300, '', -0], 'with "quotes"\n': '\u2028' };
    expect(render(body)).toBe(JSON.stringify(body));
  });

  it('keeps __proto__, constructor and toJSON as ordinary keys', () => {
    const text = '{"__proto__":{"x":"{{pnr}}"},"constructor":"{{agent}}","toJSON":1}';
    expect(render(JSON.parse(text))).toBe(text.replace('{{pnr}}', 'YMCP6O').replace('{{agent}}', 'Ana'));
    expect(render('{{a}}', { a: JSON.parse('{"__proto__":1}') as unknown })).toBe('{"__proto__":1}');
  });

  it.each([
    ['quotes and backslashes', '"\\"},{"x":"'],
    ['line breaks and controls', 'a\r\nb\u0000\u0007'],
    ['line separators', '\u2028\u2029'],
    ['lone surrogates', '\ud83d x \ude00'],
    ['template syntax', '{{pnr}} {% if %} {{ x | y }}'],
    ['HTML', '<script>&amp;\'"'],
    ['emoji and bidi', '👩‍✈️ שלום \u202e'],
    ['replacement patterns', "$& $1 $' $$"],
    ['a large string', 'x'.repeat(100_000)],
  ])('carries any value unchanged: %s', (_, agent) => {
    const body = render({ exact: '{{agent}}', text: '<{{agent}}>' }, { agent });
    expect(JSON.parse(body)).toEqual({ exact: agent, text: `<${agent}>` });
    expect(body).toBe(JSON.stringify({ exact: agent, text: `<${agent}>` }));
  });

  it('writes what JSON cannot say as null or empty', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, undefined, () => 1, Symbol('s')]) {
      expect(render(['{{a}}', '<{{a}}>'], { a: value })).toBe('[null,"<>"]');
    }
  });

  it('never reads what a value inherits', () => {
    const leaves = ['{{a.constructor}}', '{{a.__proto__}}', '{{a.length}}', '{{a["toString"].name}}'];
    for (const a of ['text', 7, [1], {}, null, new Date(0), () => 1]) {
      expect(render(leaves, { a })).toBe('[null,null,null,null]');
    }
    expect(render(leaves.slice(0, 2), { a: JSON.parse('{"__proto__":1,"constructor":2}') })).toBe('[2,1]');
  });

  it('embeds a value as often as it is named, without sharing it', () => {
    const data = { a: { n: 1 } };
    expect(render({ x: '{{a}}', y: ['{{a}}'] }, data)).toBe('{"x":{"n":1},"y":[{"n":1}]}');
    expect(data).toEqual({ a: { n: 1 } });
  });

  it.each(['{{pnr}}', 'x {{pnr}}', '{%if%}', '{{nonsense |}}'])('refuses %s in a key', (key) => {
    expect(templateErrorOf(() => render({ a: [{ [key]: 1 }] }))).toMatchObject({
      code: 'TEMPLATE_IN_KEY',
      path: `json_body.a[0][${JSON.stringify(key)}]`,
    });
  });

  it.each([null, 7, true, 'text', 'PNR {{pnr}}', ' {{pnr}}'])('refuses %p as the whole body', (body) => {
    expect(templateErrorOf(() => render(body))).toMatchObject({ code: 'TEMPLATE_SYNTAX', path: 'json_body' });
  });

  it.each([
    [{ items: [{ name: '{{nope}}' }] }, 'json_body.items[0].name'],
    [[[1, '{{nope}}']], 'json_body[0][1]'],
    [{ 'with space': { 'X-A': '{{nope}}' } }, 'json_body["with space"].X-A'],
    ['{{nope}}', 'json_body'],
  ])('says where an unknown field stands: %j', (body, path) => {
    expect(templateErrorOf(() => render(body))).toMatchObject({ code: 'TEMPLATE_UNKNOWN_FIELD', path });
  });

  it('refuses a body nested too deep to be meant', () => {
    const nested = (levels: number): unknown => JSON.parse('['.repeat(levels) + ']'.repeat(levels));
    expect(render(nested(64))).toBe('['.repeat(64) + ']'.repeat(64));
    expect(templateErrorOf(() => render(nested(5000))).code).toBe('TEMPLATE_TOO_LARGE');
  });

  it('stops when repeating large values makes the body too large', () => {
    const body = { list: Array<string>(2000).fill('{{agent}}') };
    expect(templateErrorOf(() => render(body, { agent: 'x'.repeat(100_000) }))).toMatchObject({
      code: 'TEMPLATE_RENDER_LIMIT',
      path: 'json_body.list[2]',
    });
    const text = ['{{agent}}'.repeat(1800)];
    expect(templateErrorOf(() => render(text, { agent: 'x'.repeat(100_000) }))).toMatchObject({
      code: 'TEMPLATE_RENDER_LIMIT',
      path: 'json_body[0]',
    });
  });
});
