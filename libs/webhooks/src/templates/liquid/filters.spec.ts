import { compileLeaf } from '../compile-leaf.js';
import { KnownFields } from '../known-fields.js';
import { jsonOf } from '../leaf.js';
import { renderingOf } from '../rendering.spec-support.js';
import { FILTERS } from './filters.js';

const FIELDS = new KnownFields({});
const DATA = {
  pnr: 'YMCP6O',
  text: '  Viajes  Nube\nS.L. ',
  html: `<b class="x">Smith & Sons</b> 'n' more`,
  total: 412.35,
  zero: 0,
  no: false,
  none: null,
  empty_text: '',
  list: ['b', null, 'a', 3],
  passengers: [
    { name: 'ANA', type: 'ADT', paid: true, seat: { row: 12 } },
    { name: 'LUIS', type: 'ADT', paid: false },
    { name: 'MIA', type: 'CHD' },
  ],
};

function value(expression: string): string {
  const leaf = compileLeaf(`{{ ${expression} }}`, 'json_body.x', FIELDS);
  const [only] = leaf.parts;
  return typeof only === 'function' ? jsonOf(only(renderingOf(DATA))) : 'no value';
}

const EXAMPLES: Readonly<Record<string, readonly (readonly [expression: string, json: string])[]>> = {
  append: [
    ['pnr | append: "-" | append: 1', '"YMCP6O-1"'],
    ['none | append: ""', '""'],
    ['list | append: ""', '"[\\"b\\",null,\\"a\\",3]"'],
  ],
  prepend: [['pnr | prepend: "PNR "', '"PNR YMCP6O"']],
  upcase: [['"aé" | upcase', '"AÉ"']],
  downcase: [['pnr | downcase', '"ymcp6o"']],
  capitalize: [['"aNA marÍA" | capitalize', '"Ana maría"']],
  strip: [['text | strip', '"Viajes  Nube\\nS.L."']],
  lstrip: [['" a " | lstrip', '"a "']],
  rstrip: [['" a " | rstrip', '" a"']],
  strip_newlines: [['"a\\r\\nb\\nc" | strip_newlines', '"abc"']],
  newline_to_br: [['"a\\nb" | newline_to_br', '"a<br />\\nb"']],
  strip_html: [
    ['html | strip_html', '"Smith & Sons \'n\' more"'],
    ['"a < b" | strip_html', '"a < b"'],
  ],
  squish: [['text | squish', '"Viajes Nube S.L."']],
  remove: [['"+34 600 111" | remove: "+" | remove: " "', '"34600111"']],
  remove_first: [
    ['"aba" | remove_first: "a"', '"ba"'],
    ['"aba" | remove_first: "x"', '"aba"'],
  ],
  remove_last: [['"aba" | remove_last: "a"', '"ab"']],
  replace: [
    ['"a.b.c" | replace: ".", "$&"', '"a$&b$&c"'],
    ['"abc" | replace: "b"', '"ac"'],
  ],
  replace_first: [['"aa" | replace_first: "a", "$1"', '"$1a"']],
  replace_last: [['"aa" | replace_last: "a", "b"', '"ab"']],
  truncate: [
    ['"Viajes Nube" | truncate: 9', '"Viajes..."'],
    ['"👩👩👩" | truncate: 2, ""', '"👩👩"'],
    ['pnr | truncate', '"YMCP6O"'],
  ],
  truncatewords: [
    ['"a b c d" | truncatewords: 2', '"a b..."'],
    ['"a b" | truncatewords: 2, "!"', '"a b"'],
  ],
  escape: [['html | escape', '"&lt;b class=&#34;x&#34;&gt;Smith &amp; Sons&lt;/b&gt; &#39;n&#39; more"']],
  escape_once: [['"&amp; & &#39; <" | escape_once', '"&amp; &amp; &#39; &lt;"']],
  url_encode: [['"a b/é&" | url_encode', '"a+b%2F%C3%A9%26"']],
  base64_encode: [['"user:é" | base64_encode', '"dXNlcjrDqQ=="']],
  json: [
    ['passengers[2] | json', '"{\\"name\\":\\"MIA\\",\\"type\\":\\"CHD\\"}"'],
    ['none | json', '"null"'],
    ['absent | json', '"null"'],
  ],
  abs: [['-3 | abs', '3']],
  ceil: [['total | ceil', '413']],
  floor: [['total | floor', '412']],
  round: [
    ['total | round', '412'],
    ['1.005 | round: 2', '1.01'],
    ['-1.5 | round', '-2'],
    ['1234 | round: -2', '1200'],
  ],
  plus: [
    ['total | plus: 1', '413.35'],
    ['"2" | plus: "3"', '5'],
    ['none | plus: pnr', '0'],
  ],
  minus: [['zero | minus: 1', '-1']],
  times: [['total | times: 100', '41235']],
  divided_by: [
    ['10 | divided_by: 4', '2.5'],
    ['1 | divided_by: 0', 'null'],
  ],
  modulo: [
    ['7 | modulo: 3', '1'],
    ['-1 | modulo: 3', '2'],
  ],
  at_least: [['zero | at_least: 5', '5']],
  at_most: [['total | at_most: 100', '100']],
  money: [
    ['400.5 | money', '"400.50"'],
    ['1.005 | money', '"1.01"'],
    ['-0.004 | money', '"0.00"'],
    ['total | money: 0', '"412"'],
    ['"12.3" | money: 3', '"12.300"'],
    ['none | money', 'null'],
    ['pnr | money', 'null'],
    ['"" | money', 'null'],
    ['1000000000000 | times: 1000000000000 | money', '"999999999999999983222784.00"'],
  ],
  map: [
    ['passengers | map: "name"', '["ANA","LUIS","MIA"]'],
    ['passengers | map: "seat.row"', '[12,null,null]'],
    ['none | map: "x"', '[]'],
  ],
  where: [
    ['passengers | where: "type", "CHD" | map: "name"', '["MIA"]'],
    ['passengers | where: "paid" | size', '1'],
    ['passengers | where: "paid", nil | size', '1'],
  ],
  join: [
    ['list | join', '"b  a 3"'],
    ['list | compact | join: ", "', '"b, a, 3"'],
    ['passengers | map: "seat" | compact | join', '"{\\"row\\":12}"'],
  ],
  split: [
    ['"a,b,,c,," | split: ","', '["a","b","","c"]'],
    ['"" | split: ","', '[]'],
  ],
  slice: [
    ['pnr | slice: 0', '"Y"'],
    ['pnr | slice: -2, 2', '"6O"'],
    ['list | slice: 1, 2', '[null,"a"]'],
    ['pnr | slice: -9, 2', '""'],
  ],
  default: [
    ['none | default: "x"', '"x"'],
    ['empty_text | default: 1', '1'],
    ['zero | default: 1', '0'],
    ['no | default: 1', '1'],
    ['no | default: 1, allow_false: true', 'false'],
  ],
  first: [
    ['list | first', '"b"'],
    ['pnr | first', '"Y"'],
    ['total | first', 'null'],
  ],
  last: [
    ['list | last', '3'],
    ['none | last', 'null'],
  ],
  size: [
    ['list | size', '4'],
    ['pnr | size', '6'],
    ['none | size', '0'],
    ['passengers[0] | size', '0'],
  ],
  compact: [['list | compact', '["b","a",3]']],
  reverse: [
    ['list | reverse', '[3,"a",null,"b"]'],
    ['none | reverse', '[]'],
  ],
  date: [['"2026-03-10" | date: "%d.%m."', '"10.03."']],
};

describe('Every filter', () => {
  it('has an example here', () => {
    expect(Object.keys(EXAMPLES).sort()).toEqual([...FILTERS.keys()].sort());
  });

  it.each(Object.values(EXAMPLES).flat())('computes {{ %s }} as %s', (expression, json) => {
    const before = JSON.stringify(DATA);
    expect(value(expression)).toBe(json);
    expect(JSON.stringify(DATA)).toBe(before);
  });
});
