import { cpuTime } from '../internal/cpu-time.spec-support.js';
import { compileLeaf } from './compile-leaf.js';
import { KnownFields } from './known-fields.js';
import { renderText } from './leaf.js';
import { renderingOf } from './rendering.spec-support.js';
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
    expect(renderText(leaf, renderingOf(DATA))).toBe(expected);
  });

  it.each(['', 'text', '}}', '{ {pnr} }', '%}', '{pnr}', '-', "it's"])(
    'takes %j as literal text',
    (source) => {
      expect(compile(source)).toEqual({
        path: 'json_body.x',
        exact: false,
        parts: [source],
        needsEngine: false,
      });
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
    expect(renderText(leaf, renderingOf(DATA))).toBe(expected);
  });

  it.each([
    ...['{{', '{{pnr', '{{pnr}', '{{pnr }', 'x {{ "}}', "{{pnr'}}", '{{}}', '{{ }}', '{{-}}', '{{--}}'],
    ...['{{{pnr}}}', '{{ {{pnr}} }}', '{{pnr pnr}}', '{{pnr,x}}', '{{.pnr}}', '{{pnr.}}', '{{a..b}}'],
    ...['{{a .b}}', '{{a. b}}', '{{a [0]}}', '{{a[01]}}', '{{a[1.5]}}', '{{a[]}}', '{{a[0}}', '{{a["b]}}'],
    ...['{{a[9999999999]}}', '{{a.0}}', '{{pnr + 1}}', '{{pnr?}}', '{{["pnr"]}}', '{{pnr |}}', '{{pnr | 7}}'],
    ...['{{pnr;}}', '{{$x}}', '{{../pnr}}', '{{#if pnr}}', '{{\0pnr}}', '{{pnr ==}}', '{{== pnr}}'],
    ...['{{pnr == == 1}}', '{{pnr and}}', '{{pnr not pnr}}', '{{(1..)}}', '{{(1..2}}', '{{("a".."b")}}'],
    ...['{{pnr | append}}', '{{pnr | append: 1, 2}}', '{{pnr | append: }}', '{{pnr | upcase: 1}}', '{{1e9}}'],
    ...[
      '{{pnr | default: 1, x: 2}}',
      '{{pnr | default: 1, "x": 2}}',
      '{{pnr | append "x"}}',
      '{{pnr | upcase |}}',
    ],
    ...[
      '{{"a".size}}',
      '{{true.x}}',
      '{{1.x}}',
      '{{.5}}',
      '{{5.}}',
      '{{+1}}',
      '{{a[true]}}',
      '{{a[(1..2)]}}',
    ],
    ...[
      '{% %}',
      'x {{pnr}} {%',
      '{% if pnr',
      '{% if %}{% endif %}',
      '{% if pnr %}',
      '{% endif %}',
      '{% else %}',
    ],
    ...['{% if pnr %}{% endfor %}', '{% if pnr %}{% else x %}{% endif %}', '{% if pnr %}{% endif x %}'],
    ...['{% for %}{% endfor %}', '{% for x %}{% endfor %}', '{% for x of a %}{% endfor %}', '{% break %}'],
    ...['{% for x in a limit %}{% endfor %}', '{% for x in a cols: 2 %}{% endfor %}', '{% continue %}'],
    ...['{% for forloop in a %}{% endfor %}', '{% for secrets in a %}{% endfor %}', '{% assign true = 1 %}'],
    ...[
      '{% assign x %}',
      '{% assign x = %}',
      '{% assign x.y = 1 %}',
      '{% assign größe2 = 1 %}',
      '{% echo %}',
    ],
    ...[
      '{% case pnr %}x{% when 1 %}{% endcase %}',
      '{% case pnr %}{% when %}{% endcase %}',
      '{% raw %}{{pnr}}',
    ],
    ...['{% case pnr %}{% when 1 2 %}{% endcase %}', '{% comment %}', '{% endraw %}', '{% assign and = 1 %}'],
  ])('refuses %j, which is no template', (source) => {
    expect(templateErrorOf(() => compile(source))).toMatchObject({
      code: 'TEMPLATE_SYNTAX',
      path: 'json_body.x',
    });
  });

  it.each([
    'raw',
    'sort',
    'uniq',
    'sum',
    'push',
    'concat',
    'where_exp',
    'constructor',
    '__proto__',
    '_url',
    '_bound',
  ])('refuses the filter %s by its name', (name) => {
    const error = templateErrorOf(() => compile(`x {{ pnr | default: "|" | ${name} }} y`));
    expect(error.code).toBe('TEMPLATE_UNKNOWN_FILTER');
    expect(error.message).toContain(`There is no filter "${name}"`);
  });

  it('suggests the filter that was meant', () => {
    expect(templateErrorOf(() => compile('{{ pnr | upcas }}')).suggestion).toBe('upcase');
  });

  it.each([
    'include',
    'render',
    'layout',
    'block',
    'capture',
    'increment',
    'cycle',
    'tablerow',
    'liquid',
    'constructor',
  ])('refuses the tag %s by its name', (name) => {
    const error = templateErrorOf(() => compile(`{%- ${name} "/etc/passwd" %}`));
    expect(error).toMatchObject({ code: 'TEMPLATE_TAG_NOT_ALLOWED', path: 'json_body.x' });
    expect(error.message).toContain(`The tag "${name}" is not allowed`);
  });

  it('shortens what it quotes', () => {
    expect(templateErrorOf(() => compile(`{{ ${'x '.repeat(5000)} }}`)).message.length).toBeLessThan(300);
  });

  it.each([
    '{{',
    '{{a',
    '{{"',
    '{',
    '{{a}}',
    '{%',
    '{{a[',
    '{{ - ',
    '{%#',
    '{%raw%}',
    '{{a|',
    '{{a.',
    '{%if a%}',
    '\\',
    "{{'",
  ])('reads 16 kB of %s in a blink', (piece) => {
    const source = piece.repeat(Math.floor(16_384 / piece.length));
    const start = cpuTime();
    try {
      compile(source);
    } catch (error) {
      expect(error).toHaveProperty('code');
    }
    expect(cpuTime() - start).toBeLessThan(1000);
  });
});
