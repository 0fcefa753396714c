import { HOSTILE_VALUES } from '../../../../test/fixtures/hostile-values.js';
import { TemplateError } from '../errors/template-error.js';
import { cpuTime } from '../internal/cpu-time.spec-support.js';
import { RequestTemplate } from './request-template.js';

const ORIGIN = 'https://example.com:8443';
const SCHEMA = { type: 'object', properties: { v: {}, pnr: { type: 'string' } } };
const GENEROUS_MS = 250 * 8;

const FAILURES = [
  'TEMPLATE_RENDER_LIMIT',
  'TEMPLATE_RENDER_FAILED',
  'HEADER_VALUE_INVALID',
  'URL_NULL_SEGMENT',
  'URL_DOT_SEGMENT',
];

const FILTERS = [
  'upcase',
  'escape',
  'url_encode',
  'base64_encode',
  'size',
  'first',
  'json',
  'money',
  'plus: 1',
];
const MORE_FILTERS = [
  'join',
  'reverse',
  'compact',
  'map: "a"',
  'where: "a", 1',
  'date: "%F"',
  'slice: 0, 3',
  'squish',
];

/** The value in one place of a request, rendered; or the code it fails with. */
function send(
  request: object,
  value: unknown,
): { url: string; headers: object; body: string | null } | string {
  const template = RequestTemplate.parse({ url: `${ORIGIN}/`, ...request }, { schema: SCHEMA });
  try {
    return template.render({ v: value, pnr: 'YMCP6O' });
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    expect(FAILURES).toContain(error.code);
    return error.code;
  }
}

function asJson(value: unknown): unknown {
  const json = JSON.stringify(value) as string | undefined;
  return json === undefined ? null : (JSON.parse(json) as unknown);
}

const CASES = HOSTILE_VALUES.map(([name, value]) => ({ name, value }));
// JSON.stringify throws on these: such an event fails, and that is tested by itself.
const JSON_CASES = CASES.filter(({ value }) => typeof value !== 'bigint');

describe('A hostile value', () => {
  it('is tried in at least 100 ways', () => {
    expect(CASES.length).toBeGreaterThanOrEqual(100);
  });

  it.each(JSON_CASES)('keeps its value and the body valid: $name', ({ value }) => {
    const sent = send({ json_body: { exact: '{{v}}', text: 'a{{v}}z', after: true } }, value);
    if (typeof sent === 'string') return expect(sent).toBe('TEMPLATE_RENDER_LIMIT');

    const body = JSON.parse(sent.body ?? '') as Record<string, unknown>;

    expect(JSON.stringify(body['exact'])).toBe(JSON.stringify(asJson(value)));
    expect(body['after']).toBe(true);
    expect(String(body['text'])).toMatch(/^a[\s\S]*z$/);
    expect(Object.keys(body)).toEqual(['exact', 'text', 'after']);
  });

  it.each(CASES)('does not leave its part of the URL: $name', ({ value }) => {
    const sent = send({ url: `${ORIGIN}/a/{{v}}/b?q={{v}}&r=1#{{v}}` }, value);
    if (typeof sent === 'string') return;

    const url = new URL(sent.url);

    expect(url.origin).toBe(ORIGIN);
    expect(url.pathname.split('/')).toHaveLength(4);
    expect([...url.searchParams.keys()]).toEqual(['q', 'r']);
  });

  it.each(CASES)('puts nothing but printable text into a header: $name', ({ value }) => {
    const sent = send({ header: { 'X-A': '{{v}}', 'X-B': '1' } }, value);
    const headers = typeof sent === 'string' ? { 'X-A': '', 'X-B': '1' } : sent.headers;

    expect(Object.keys(headers)).toEqual(['X-A', 'X-B']);
    expect(Object.values(headers).join('')).toMatch(/^[\x20-\x7e]*$/);
  });

  it.each(CASES)('stays in its field of a form: $name', ({ value }) => {
    const sent = send({ form_body: { a: '{{v}}', b: '{{pnr}}' } }, value);
    if (typeof sent === 'string') return;
    const form = new URLSearchParams(sent.body ?? '');
    expect([...form.keys()]).toEqual(['a', 'b']);
    expect(form.get('b')).toBe('YMCP6O');
  });

  it.each(CASES)('passes every filter and tag in time, and unchanged: $name', ({ value }) => {
    const inspected = typeof value === 'string' ? value.length : undefined;
    const start = cpuTime();

    for (const filter of [...FILTERS, ...MORE_FILTERS]) {
      const sent = send({ json_body: { x: `{{ v | ${filter} }}`, after: 1 } }, value);
      if (typeof sent !== 'string') expect(JSON.parse(sent.body ?? '')).toHaveProperty('after', 1);
    }
    send(
      { raw_body: '<a>{{ v | escape }}{% for x in v %}{{ x }}{% if x == v %}{% endif %}{% endfor %}</a>' },
      value,
    );
    send(
      { json_body: ['{% assign y = v %}{{ y.size }}{{ y.first }}{{ y[0] }}{{ y[pnr] }}{{ y.constructor }}'] },
      value,
    );

    expect(cpuTime() - start).toBeLessThan(GENEROUS_MS * 2);
    expect(typeof value === 'string' ? value.length : undefined).toBe(inspected);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});
