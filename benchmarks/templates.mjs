/**
 * What templates cost: microseconds for one rendered request, each beside what somebody would write instead.
 *
 *   node benchmarks/templates.mjs            about twenty seconds; the library must be built
 *   node benchmarks/templates.mjs --quick    about five seconds
 */
import { fileURLToPath } from 'node:url';
import { Liquid } from 'liquidjs';
import Mustache from 'mustache';
import { RequestTemplate } from 'nestjs-webhooks';
import { summary } from './support/statistics.mjs';

const QUICK = process.argv.includes('--quick');
const ROUNDS = QUICK ? 5 : 11;
const ROUND_MS = QUICK ? 60 : 150;
/** A plain template may cost this many times the hand-written function. */
const BAR = 3;
const PLAIN = 'RequestTemplate, 20 plain placeholders';

const FIELDS = Array.from({ length: 20 }, (_, index) => `field_${index}`);

const order = {
  event_id: 'evt_01JP0C8RZ4T6V8X0A2B4D6F8H1',
  event_type: 'OrderTicketed',
  agw_id: 'AGW-E1TLLZH0HB',
  pnr: 'YMCP6O',
  agency: 'Viajes Nube S.L.',
  agent: null,
  currency: 'EUR',
  total_amount: 412.3,
  created_on: '2026-03-10T09:15:00Z',
  passengers: ['GARCIA/ANA MS', 'GARCIA/LUIS MR', 'GARCIA/MIA MISS'].map((name) => ({ name, type: 'ADT' })),
  ...Object.fromEntries(FIELDS.map((name, index) => [name, plainValue(index)])),
};

function plainValue(index) {
  if (index % 4 === 0) return index * 1.5;
  return index % 7 === 0 ? null : `value of number ${index} é`;
}

/** Calls in turn, so that a machine that slows down slows all of them: rounds of microseconds, by contender. */
function measure(contenders) {
  const times = new Map(contenders.map(([name]) => [name, []]));
  for (let round = -2; round < ROUNDS; round += 1) {
    for (const [name, render] of contenders) {
      const time = microseconds(render);
      if (round >= 0) times.get(name).push(time);
    }
  }
  return times;
}

function microseconds(render) {
  const start = performance.now();
  let count = 0;
  let characters = 0;
  while (performance.now() - start < ROUND_MS) {
    for (let turn = 0; turn < 50; turn += 1) characters += render().length;
    count += 50;
  }
  if (characters === 0) throw new Error('Nothing was rendered.');
  return ((performance.now() - start) * 1000) / count;
}

function requestOf(json_body) {
  const schema = { type: 'object' };
  const header = { Authorization: 'Bearer token' };
  return RequestTemplate.parse({ url: 'https://example.com/orders', header, json_body }, { schema });
}

function plainContenders() {
  const body = Object.fromEntries(FIELDS.map((name) => [`out_${name}`, `{{${name}}}`]));
  const template = requestOf(body);
  // Written out, as a developer would: no loop, no computed names.
  const assignments = FIELDS.map((name) => `out_${name}: data.${name}`).join(', ');
  const byHand = new Function(
    'data',
    `return { method: 'POST', url: 'https://example.com/orders', headers: { Authorization: 'Bearer token' }, body: JSON.stringify({ ${assignments} }) };`,
  );
  same(template.render(order).body, byHand(order).body);
  const liquid = new Liquid();
  const text = liquid.parse(`{${FIELDS.map((name) => `"out_${name}":{{ ${name} | json }}`).join(',')}}`);
  same(template.render(order).body, liquid.renderSync(text, order));
  return [
    ['hand-written function and JSON.stringify', () => byHand(order).body],
    [PLAIN, () => template.render(order).body],
    ['LiquidJS, parsed before, | json', () => liquid.renderSync(text, order)],
  ];
}

const LEAVES = {
  text: "{{ agency | upcase }}: {{ pnr }} on {{ created_on | date: '%d/%m/%Y' }}, {{ agent | default: 'no agent' }}",
  names: '{% for p in passengers %}{{ p.name }}{% unless forloop.last %}, {% endunless %}{% endfor %}',
  state: '{% if total_amount > 400 %}high{% else %}low{% endif %}',
};

function engineContenders() {
  const template = requestOf(LEAVES);
  const liquid = new Liquid();
  const leaves = Object.entries(LEAVES).map(([name, leaf]) => [name, liquid.parse(leaf)]);
  const rendered = () =>
    JSON.stringify(Object.fromEntries(leaves.map(([name, leaf]) => [name, liquid.renderSync(leaf, order)])));
  const fresh = () =>
    JSON.stringify(
      Object.fromEntries(
        Object.entries(LEAVES).map(([name, leaf]) => [name, liquid.parseAndRenderSync(leaf, order)]),
      ),
    );
  same(template.render(order).body, rendered());
  const mustache =
    '{"text":"{{{upper}}}: {{{pnr}}} on {{{day}}}, {{{who}}}","names":"{{#passengers}}{{{name}}}, {{/passengers}}","state":"{{#high}}high{{/high}}{{^high}}low{{/high}}"}';
  // Mustache has neither filters nor conditions on values: the caller computes them.
  const view = () => ({
    ...order,
    upper: order.agency.toUpperCase(),
    day: order.created_on.slice(0, 10).split('-').reverse().join('/'),
    who: order.agent ?? 'no agent',
    high: order.total_amount > 400,
  });
  return [
    ['LiquidJS, parsed before', rendered],
    ['LiquidJS, parsed each time', fresh],
    ['Mustache, filters computed by hand, no JSON escaping', () => Mustache.render(mustache, view())],
    ['RequestTemplate, filters and tags, in vm with limits', () => template.render(order).body],
  ];
}

function same(left, right) {
  if (left !== right) throw new Error(`The contenders do not render the same:\n${left}\n${right}`);
}

function rowsOf(group, times) {
  const [[baseline, base]] = times;
  return [...times].map(([name, values]) => ({
    name: `${group}: ${name}`,
    unit: `× ${baseline}`,
    ratio: summary(values.map((value, round) => value / base[round])),
    information: `${summary(values).median.toFixed(1)} µs`,
  }));
}

export const title = 'What rendering a request costs';

/** One row for each contender; the first of each group is what the others are compared with. */
export function run() {
  const rows = [
    ...rowsOf('20 plain fields', measure(plainContenders())),
    ...rowsOf('filters and tags', measure(engineContenders())),
  ];
  const notes = [
    'The engine runs under an interruptible time limit and on a copy of the event: that is most of the difference.',
    'Mustache has neither filters nor conditions on values nor JSON escaping: they are computed by hand around it.',
  ];
  return { rows, notes };
}

if (fileURLToPath(import.meta.url) === process.argv[1]) {
  const { rows, notes } = run();
  console.log(`${title}. Ratio: median [range] of ${ROUNDS} interleaved rounds`);
  for (const { name, unit, ratio, information } of rows) {
    const range = `[${ratio.min.toFixed(2)}–${ratio.max.toFixed(2)}]`;
    console.log(
      `  ${name.padEnd(72)} ${information.padStart(9)}  ${ratio.median.toFixed(2)} ${range} ${unit}`,
    );
  }
  for (const note of notes) console.log(`  ${note}`);
  const plain = rows.find(({ name }) => name.endsWith(PLAIN)).ratio.median;
  const verdict = plain <= BAR ? 'within' : 'BEYOND';
  console.log(`\n${plain.toFixed(2)} × the hand-written function is ${verdict} the bar of ${BAR} ×.`);
  if (plain > BAR) process.exitCode = 1;
}
