import type { JsonSchema } from '../../internal/json-schema.js';
import { compileLeaf } from '../compile-leaf.js';
import { KnownFields } from '../known-fields.js';
import { renderText } from '../leaf.js';
import { renderingOf } from '../rendering.spec-support.js';
import { templateErrorOf } from '../template-error.spec-support.js';

const text = { type: 'string' };
const SCHEMA: JsonSchema = {
  type: 'object',
  properties: {
    pnr: { ...text, 'x-aliases': ['recordLocator'] },
    agent: { type: ['string', 'null'] },
    total: { type: 'number' },
    passengers: { type: 'array', items: { $ref: '#/$defs/Passenger' } },
    lead: { anyOf: [{ $ref: '#/$defs/Passenger' }, { type: 'null' }] },
    labels: { type: 'object', additionalProperties: text },
    codes: { type: 'array', items: text },
    size: text,
  },
  $defs: {
    Passenger: {
      type: 'object',
      properties: {
        name: { ...text, 'x-aliases': ['fullName'] },
        type: text,
        bags: { type: 'array', items: { type: 'object', properties: { kilos: { type: 'integer' } } } },
      },
    },
  },
};
const DATA = {
  pnr: 'YMCP6O',
  agent: null,
  total: 412.35,
  passengers: [
    { name: 'ANA', type: 'ADT', bags: [{ kilos: 23 }, { kilos: 8 }] },
    { name: 'LUIS', type: 'CHD', bags: [] },
  ],
  lead: { name: 'ANA' },
  labels: { desk: 'MAD', team: 'B' },
  codes: ['IB', 'BA', 'AA'],
};

function compile(source: string): ReturnType<typeof compileLeaf> {
  return compileLeaf(source, 'raw_body', new KnownFields(SCHEMA));
}

function render(source: string): string {
  return renderText(compile(source), renderingOf(DATA));
}

describe('The template language', () => {
  it.each([
    ['{% if agent %}yes{% else %}no{% endif %}', 'no'],
    ['{% if total > 500 %}a{% elsif total > 400 %}b{% else %}c{% endif %}', 'b'],
    ['{% if pnr == "YMCP6O" and agent == nil %}x{% endif %}', 'x'],
    ['{% if not agent and total >= 412.35 or false %}x{% endif %}', 'x'],
    ['{% if pnr contains "MCP" %}x{% endif %}{% if codes contains "BA" %}y{% endif %}', 'xy'],
    ['{% if agent == empty or codes != empty or agent == blank %}x{% endif %}', 'x'],
    ['{% unless agent %}none{% endunless %}', 'none'],
    ['{% unless pnr %}a{% elsif total %}b{% else %}c{% endunless %}', 'b'],
    ['{% case pnr %}{% when "A" %}1{% when "B", "YMCP6O" %}2{% else %}3{% endcase %}', '2'],
    ['{% case total %}{% when 1 or 2 %}1{% else %}3{% endcase %}', '3'],
    [
      '{% for p in passengers %}{{ forloop.index }}/{{ forloop.length }} {{ p.name }};{% endfor %}',
      '1/2 ANA;2/2 LUIS;',
    ],
    [
      '{% for p in passengers reversed %}{{ p.name }}{% unless forloop.last %}, {% endunless %}{% endfor %}',
      'LUIS, ANA',
    ],
    ['{% for c in codes limit: 1 offset: 1 %}{{ c }}{% endfor %}', 'BA'],
    ['{% for c in codes, limit: 2 %}{{ c }}{% endfor %}', 'IBBA'],
    ['{% for p in passengers[1].bags %}x{% else %}no bags{% endfor %}', 'no bags'],
    ['{% for p in passengers %}{% for b in p.bags %}{{ b.kilos }} {% endfor %}{% endfor %}', '23 8 '],
    ['{% for c in codes %}{% if c == "BA" %}{% continue %}{% endif %}{{ c }}{% endfor %}', 'IBAA'],
    ['{% for c in codes %}{% if c == "BA" %}{% break %}{% endif %}{{ c }}{% endfor %}', 'IB'],
    ['{% for i in (1..3) %}{{ i }}{% endfor %}{% for i in (2..codes.size) %}{{ i }}{% endfor %}', '12323'],
    ['{% for pair in labels %}{{ pair[0] }}={{ pair[1] }} {% endfor %}', 'desk=MAD team=B '],
    ['{% assign n = passengers | map: "name" | join: "+" %}{{ n }}{{ n.size }}', 'ANA+LUIS8'],
    [
      '{% for p in passengers %}{% if p.type != last %}{{ p.type }} {% endif %}{% assign last = p.type %}{% endfor %}',
      'ADT CHD ',
    ],
    ['{% if agent == nil %}{% assign agent = "none" %}{% endif %}{{ agent }}', 'none'],
    ['{% if pnr == nil %}{% assign pnr = "none" %}{% endif %}{{ pnr }}', 'YMCP6O'],
    ['{% for pnr in codes %}{{ pnr }}{% endfor %}{{ pnr }}', 'IBBAAAYMCP6O'],
    ['{% echo pnr | downcase %}', 'ymcp6o'],
    ['a{% comment %} {{ nonsense | }} {% nonsense %}{% endcomment %}b', 'ab'],
    ["a{% # it's a remark %}b", 'ab'],
    ['{% raw %}{{ pnr }}{% if %}{% endraw %}', '{{ pnr }}{% if %}'],
    ['a {%- if true -%} b {%- endif -%} c', 'abc'],
    ['a { {%- if true %}{ {{ pnr }} }{% endif %} }', 'a {{ YMCP6O } }'],
    ['{{ codes }} {{ lead }} {{ agent }}', '["IB","BA","AA"] {"name":"ANA"} '],
    [
      '{{ passengers.size }} {{ pnr.size }} {{ labels.size }} {{ codes.first }} {{ codes.last }}',
      '2 6 2 IB AA',
    ],
    ['{{ passengers.last.name }} {{ passengers[-1].name }} {{ passengers[9].name }}', 'LUIS LUIS '],
    ['{% assign i = 1 %}{{ codes[i] }} {{ passengers[i]["name"] }}', 'BA LUIS'],
    ['{% assign k = "desk" %}{{ labels[k] }} {{ labels["team"] }}', 'MAD B'],
    ['{{ "it\\\'s \\u00e9 \\"x\\"" }} {{ \'{{ pnr }}\' }}', 'it\'s é "x" {{ pnr }}'],
    [
      '{{ recordLocator }} {{ recordLocator | downcase }} {{ passengers | map: "fullName" }}',
      'YMCP6O ymcp6o ["ANA","LUIS"]',
    ],
    ['{% for p in passengers %}{{ p.fullName }}{% endfor %}{{ lead.fullName | downcase }}', 'ANALUISana'],
    ['{% assign recordLocator = "x" %}{{ pnr }}', 'x'],
    ['{{ size | default: "no field of that name is computed" }}', 'no field of that name is computed'],
  ])('renders %s', (source, expected) => {
    expect(render(source)).toBe(expected);
  });

  it.each([
    ['{{ prn | upcase }}', 'pnr'],
    ['{{ pnr | append: agnet }}', 'agent'],
    ['{{ pnr | default: passengers[0].nmae }}', 'name'],
    ['{{ passengers | map: "nmae" }}', 'name'],
    ['{{ passengers | where: "tpye", "ADT" }}', 'type'],
    ['{{ passengers | where: "type", "ADT" | first | json | append: totl }}', 'total'],
    ['{% for p in passengrs %}{% endfor %}', 'passengers'],
    ['{% for p in passengers %}{{ p.nmae }}{% endfor %}', 'name'],
    ['{% for p in passengers %}{% for b in p.bags %}{{ b.kilso }}{% endfor %}{% endfor %}', 'kilos'],
    ['{% for p in passengers limit: totl %}{% endfor %}', 'total'],
    ['{% for c in codes %}{{ c.name }}{% endfor %}', undefined],
    ['{% for c in codes %}{{ forloop.lst }}{% endfor %}', 'last'],
    ['{% for p in pnr %}{% endfor %}', undefined],
    ['{% if pnr == agnet %}{% endif %}', 'agent'],
    ['{% if false %}{{ agnet }}{% endif %}', 'agent'],
    ['{% case totl %}{% endcase %}', 'total'],
    ['{% case total %}{% when agnet %}{% endcase %}', 'agent'],
    ['{% assign x = passengers | first %}{{ x.nmae }}', 'name'],
    ['{% assign x = passengers | reverse | compact %}{{ x[0].nmae }}', 'name'],
    ['{% assign x = lead | default: passengers.first %}{{ x.nmae }}', 'name'],
    ['{% assign x = pnr | split: "," | first %}{{ x.nmae }}', undefined],
    ['{{ passengers.last.nmae }}', 'name'],
    ['{{ passengers[codes.size].nmae }}', 'name'],
    ['{{ passengers[agnet].name }}', 'agent'],
    ['{{ total[pnr] }}', undefined],
    ['{{ total.size }}', undefined],
    ['{% for i in (1..totl) %}{% endfor %}', 'total'],
    ['{{ pnr | map: "x" }}', undefined],
    ['{{ p.name }}{% for p in passengers %}{% endfor %}', undefined],
  ])('refuses the unknown field in %s, suggesting %s', (source, suggestion) => {
    const error = templateErrorOf(() => compile(source));
    expect(error).toMatchObject({ code: 'TEMPLATE_UNKNOWN_FIELD', path: 'raw_body' });
    expect(error.suggestion).toBe(suggestion);
  });

  it('says which name is missing where', () => {
    const error = templateErrorOf(() =>
      compile('{% for p in passengers %}{{ p.nmae | upcase }}{% endfor %}'),
    );
    expect(error.message).toBe(
      'raw_body: "p.nmae" is unknown. "p" has no field "nmae". Did you mean "name"?',
    );
  });
});
