import { compileLeaf } from './compile-leaf.js';
import { KnownFields } from './known-fields.js';
import { renderText } from './leaf.js';
import { templateErrorOf } from './template-error.spec-support.js';

const FIELDS = new KnownFields({});
const DATA = {
  pnr: 'YMCP6O',
  'a-b': 1,
  größe: 2,
  passengers: [{ name: 'ANA' }],
  a: { b: 3, 'c d': 4, '}}': 5, "it's": 6, '|': 7, '0': 8 },
};

function compile(source: string): ReturnType<typeof compileLeaf> {
  return compileLeaf(source, 'json_body.x', FIELDS);
}

describe('compileLeaf', () => {
  it.each([
    ['{{pnr}}', 'YMCP6O'],
    ['{{  pnr\t\n}}', 'YMCP6O'],
    ['{{-pnr-}}', 'YMCP6O'],
    ['{{- pnr }}', 'YMCP6O'],
    ['{{a-b}}', '1'],
    ['{{größe}}', '2'],
    ['{{ passengers[0].name }}', 'ANA'],
    ['{{passengers[0]["name"]}}', 'ANA'],
    ['{{a["b"]}}', '3'],
    ["{{a['c d']}}", '4'],
    ['{{a["}}"]}}', '5'],
    ['{{a["it\'s"]}}', '6'],
    ['{{a["|"]}}', '7'],
    ['{{a[0]}}', '8'],
  ])('takes %s as one plain placeholder', (source, expected) => {
    const leaf = compile(source);
    expect(leaf.exact).toBe(true);
    expect(renderText(leaf, DATA)).toBe(expected);
  });

  it.each(['', 'text', '}}', '{ {pnr} }', '%}', '{pnr}', '-', "it's"])(
    'takes %j as literal text',
    (source) => {
      expect(compile(source)).toEqual({ path: 'json_body.x', exact: false, parts: [source] });
    },
  );

  it.each([
    ['x {{pnr}}', 'x YMCP6O'],
    ['x {{-pnr}} y', 'xYMCP6O y'],
    ['x {{pnr-}} y', 'x YMCP6Oy'],
    ['{{pnr -}} {{- pnr}}', 'YMCP6OYMCP6O'],
    ['{{pnr}} {{pnr}}', 'YMCP6O YMCP6O'],
    [' {{-pnr-}}\n', 'YMCP6O'],
  ])('takes %j as text', (source, expected) => {
    const leaf = compile(source);
    expect(leaf.exact).toBe(false);
    expect(renderText(leaf, DATA)).toBe(expected);
  });

  it.each([
    ...['{{', '{{pnr', '{{pnr}', '{{pnr }', 'x {{ "}}', "{{pnr'}}", '{{}}', '{{ }}', '{{-}}', '{{--}}'],
    ...[
      '{{{pnr}}}',
      '{{ {{pnr}} }}',
      '{{pnr pnr}}',
      '{{pnr,x}}',
      '{{.pnr}}',
      '{{pnr.}}',
      '{{a..b}}',
      '{{a .b}}',
    ],
    ...['{{a [0]}}', '{{a[ 0 ]}}', '{{a[-1]}}', '{{a[01]}}', '{{a[1.5]}}', '{{a[b]}}', '{{a[]}}', '{{a[0}}'],
    ...[
      '{{a["b]}}',
      '{{a["b\\"c"]}}',
      '{{a[9999999999]}}',
      '{{a.0}}',
      '{{1}}',
      '{{-1}}',
      '{{"text"}}',
      "{{'x'}}",
    ],
    ...[
      '{{true}}',
      '{{false}}',
      '{{nil}}',
      '{{null}}',
      '{{empty}}',
      '{{blank}}',
      '{{(1..9)}}',
      '{{pnr == 1}}',
    ],
    ...[
      '{{pnr.size}}',
      '{{a.first}}',
      '{{passengers.last.name}}',
      '{{a["size"]}}',
      '{{pnr + 1}}',
      '{{pnr?}}',
    ],
    ...[
      '{{["pnr"]}}',
      '{{pnr |}}',
      '{{pnr | 7}}',
      '{{pnr;}}',
      '{{$x}}',
      '{{../pnr}}',
      '{{#if pnr}}',
      '{{\0pnr}}',
    ],
  ])('refuses %j, which is not a plain path', (source) => {
    expect(templateErrorOf(() => compile(source))).toMatchObject({
      code: 'TEMPLATE_SYNTAX',
      path: 'json_body.x',
    });
  });

  it.each([
    '{{pnr|upcase}}',
    '{{ pnr | upcase }}',
    'x {{ a.b | default: "|" | upcase: 1 }} y',
    '{{ "x" | raw }}',
  ])('refuses the filter in %s by its name', (source) => {
    const error = templateErrorOf(() => compile(source));
    expect(error.code).toBe('TEMPLATE_UNKNOWN_FILTER');
    expect(error.message).toMatch(/there is no filter "(upcase|default|raw)"/);
  });

  it.each([
    '{% if pnr %}x{% endif %}',
    '{%- raw -%}{{ {% endraw %}',
    'x {{pnr}} {%',
    '{% include "/etc/passwd" %}',
  ])('refuses the tag in %s', (source) => {
    expect(templateErrorOf(() => compile(source))).toMatchObject({
      code: 'TEMPLATE_TAG_NOT_ALLOWED',
      path: 'json_body.x',
    });
  });

  it('names the tag, and shortens what it quotes', () => {
    expect(templateErrorOf(() => compile('{%- include "x" %}')).message).toContain(
      'The tag "include" is not',
    );
    expect(templateErrorOf(() => compile(`{{ ${'x '.repeat(5000)} }}`)).message.length).toBeLessThan(300);
  });

  it.each(['{{', '{{a', '{{"', '{', '{{a}}', '{%', '{{a[', '{{ - '])(
    'reads 16 kB of %s in a blink',
    (piece) => {
      const source = piece.repeat(Math.floor(16_384 / piece.length));
      const start = process.hrtime.bigint();
      try {
        compile(source);
      } catch (error) {
        expect(error).toHaveProperty('code');
      }
      expect(Number(process.hrtime.bigint() - start) / 1e6).toBeLessThan(1000);
    },
  );
});
