import { HeaderTemplate } from './header-template.js';
import { KnownFields } from './known-fields.js';
import { renderingOf } from './rendering.spec-support.js';
import { templateErrorOf } from './template-error.spec-support.js';

const FIELDS = new KnownFields({ properties: { a: {}, b: {} } });

function render(header: Record<string, unknown>, data: Record<string, unknown> = {}): Record<string, string> {
  return HeaderTemplate.parse(header, FIELDS).render(renderingOf(data));
}

describe('HeaderTemplate', () => {
  it('renders values as text and keeps names and order as written', () => {
    const header = { 'X-B': '{{b}}', Authorization: 'Bearer s3cr3t', 'x-a': '{{a}}/{{b}}', 'X-Empty': '' };
    expect(Object.entries(render(header, { a: 'x', b: 7 }))).toEqual([
      ['X-B', '7'],
      ['Authorization', 'Bearer s3cr3t'],
      ['x-a', 'x/7'],
      ['X-Empty', ''],
    ]);
  });

  it('renders null and absent as empty, lists and objects as JSON', () => {
    expect(render({ 'X-A': '{{a}}', 'X-B': '{{b}}' }, { a: null })).toEqual({ 'X-A': '', 'X-B': '' });
    expect(render({ 'X-A': '{{a}}' }, { a: [{ x: 1 }] })).toEqual({ 'X-A': '[{"x":1}]' });
  });

  it.each(['a\r\nX-Evil: 1', 'a\n', 'a\rb', '\0', 'a\tb', '\u007f', 'é', '日', '\u2028', '\ud800', '\u0085'])(
    'refuses the value %j, rendered or literal',
    (value) => {
      const expected = { code: 'HEADER_VALUE_INVALID', path: 'header.X-A' };
      const error = templateErrorOf(() => render({ 'X-A': 'x {{a}}' }, { a: value }));
      expect(error).toMatchObject(expected);
      expect(error.message).not.toContain(value);
      expect(templateErrorOf(() => HeaderTemplate.parse({ 'X-A': value }, FIELDS))).toMatchObject(expected);
      expect(templateErrorOf(() => HeaderTemplate.parse({ 'X-A': `{{a}}${value}` }, FIELDS)).code).toBe(
        'HEADER_VALUE_INVALID',
      );
    },
  );

  it.each([7, null, true, ['x'], {}])('refuses %p as a value', (value) => {
    expect(templateErrorOf(() => render({ 'X-A': value }))).toMatchObject({
      code: 'HEADER_VALUE_INVALID',
      path: 'header.X-A',
    });
  });

  it.each(['', 'X A', 'X:A', 'X-Ä', 'X\r\nY', '{{a}}', 'X-{{a}}', 'a/b', '"x"'])(
    'refuses the name %j',
    (name) => {
      expect(templateErrorOf(() => render({ [name]: 'x' }))).toMatchObject({
        code: 'HEADER_NAME_INVALID',
        path: `header.${name}`,
      });
    },
  );

  it.each(['Host', 'content-length', 'Proxy-Authorization', 'WEBHOOK-Signature'])(
    'refuses the name %s, which the dispatcher owns',
    (name) => {
      expect(templateErrorOf(() => render({ [name]: 'x' }))).toMatchObject({
        code: 'HEADER_NAME_RESERVED',
        path: `header.${name}`,
      });
    },
  );

  it('refuses a name given twice in other letters', () => {
    expect(templateErrorOf(() => render({ 'X-A': '1', 'x-a': '2' }))).toMatchObject({
      code: 'HEADER_NAME_INVALID',
      path: 'header.x-a',
    });
  });

  it('treats __proto__ as the name that it is', () => {
    const headers = render(JSON.parse('{"__proto__":"{{a}}"}') as Record<string, unknown>, { a: 'x' });
    expect(Object.entries(headers)).toEqual([['__proto__', 'x']]);
    expect(Object.getPrototypeOf(headers)).toBe(Object.prototype);
  });

  it('stops when repeating large values makes a header too large', () => {
    const header = { 'X-A': '{{a}}'.repeat(1000) };
    expect(templateErrorOf(() => render(header, { a: 'x'.repeat(10_000) }))).toMatchObject({
      code: 'TEMPLATE_RENDER_LIMIT',
      path: 'header.X-A',
    });
  });

  it('takes fifty headers and refuses one more', () => {
    const headers = (count: number): object =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`X-${index}`, 'x']));
    expect(Object.keys(render({ ...headers(50) }))).toHaveLength(50);
    expect(templateErrorOf(() => render({ ...headers(51) }))).toMatchObject({
      code: 'TEMPLATE_TOO_LARGE',
      path: 'header',
    });
  });

  it('stops when all headers together are too long, rendered or literal', () => {
    const expected = { code: 'TEMPLATE_RENDER_LIMIT', path: 'header' };
    const a = 'x'.repeat(16_000);
    expect(templateErrorOf(() => render({ 'X-A': '{{a}}', 'X-B': '{{a}}', 'X-C': a }, { a }))).toMatchObject(
      expected,
    );
    expect(templateErrorOf(() => render({ 'X-A': a, 'X-B': a, 'X-C': a }))).toMatchObject(expected);
    expect(Object.keys(render({ 'X-A': '{{a}}', 'X-B': a }, { a }))).toHaveLength(2);
  });

  it('refuses an unknown field', () => {
    expect(templateErrorOf(() => render({ 'X-A': '{{c}}' }))).toMatchObject({
      code: 'TEMPLATE_UNKNOWN_FIELD',
      path: 'header.X-A',
    });
  });
});
