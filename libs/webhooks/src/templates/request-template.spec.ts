import type { JsonSchema } from '../internal/json-schema.js';
import { RequestTemplate } from './request-template.js';
import { templateErrorOf } from './template-error.spec-support.js';

const SCHEMA: JsonSchema = {
  type: 'object',
  properties: {
    pnr: { type: 'string', 'x-aliases': ['recordLocator'] },
    event_type: { type: 'string' },
    occurred_at: { type: 'string' },
    order_id: { type: ['string', 'null'] },
  },
};
const DATA = { event_type: 'OrderTicketed', occurred_at: '2026-03-10T09:20:30Z', pnr: 'YMCP6O' };
const URL = 'https://example.com/hook';

function parse(httpRequest: unknown): RequestTemplate {
  return RequestTemplate.parse(httpRequest, { schema: SCHEMA });
}

describe('RequestTemplate', () => {
  it('posts the standard envelope when no body is given', () => {
    const template = parse({ url: URL });

    expect(template.usesEnvelope).toBe(true);
    expect(template.render(DATA)).toEqual({
      method: 'POST',
      url: URL,
      headers: {},
      contentType: 'application/json',
      body: JSON.stringify({ type: 'OrderTicketed', timestamp: '2026-03-10T09:20:30Z', data: DATA }),
    });
  });

  it('renders target and body apart, with the same result', () => {
    const template = parse({ url: `${URL}/{{pnr}}`, json_body: ['{{pnr}}'] });

    expect({ ...template.renderTarget(DATA), body: template.renderBody(DATA) }).toEqual(
      template.render(DATA),
    );
  });

  it.each(['POST', 'PUT', 'PATCH'])('gives %s the envelope or the body it was given', (method) => {
    expect(parse({ method, url: URL }).usesEnvelope).toBe(true);
    const template = parse({ method, url: URL, json_body: {} });
    expect(template.usesEnvelope).toBe(false);
    expect(template.render(DATA)).toMatchObject({ method, body: '{}' });
  });

  it.each(['GET', 'DELETE'])('sends %s without a body unless it was given one', (method) => {
    expect(parse({ method, url: URL }).usesEnvelope).toBe(false);
    expect(parse({ method, url: URL }).render(DATA)).toMatchObject({ method, body: null });
    expect(parse({ method, url: URL, json_body: {} }).render(DATA)).toMatchObject({ method, body: '{}' });
  });

  it('says where it sends to', () => {
    expect(parse({ url: 'HTTPS://Example.com:443/a' }).origin).toBe('https://example.com');
    expect(parse({ url: 'http://example.com:8080/{{pnr}}' }).origin).toBe('http://example.com:8080');
  });

  it.each([undefined, null, 'https://example.com', 7, [], () => 0])('refuses %p as a request', (request) => {
    expect(templateErrorOf(() => parse(request))).toMatchObject({
      code: 'TEMPLATE_SYNTAX',
      path: 'http_request',
    });
  });

  it('refuses a request that is not JSON', () => {
    const circular: Record<string, unknown> = { url: URL };
    circular['json_body'] = circular;
    expect(templateErrorOf(() => parse(circular))).toMatchObject({
      code: 'TEMPLATE_SYNTAX',
      path: 'http_request',
    });
    expect(templateErrorOf(() => parse({ url: URL, json_body: { n: 1n } })).code).toBe('TEMPLATE_SYNTAX');
  });

  it.each([
    ['jsonbody', 'json_body'],
    ['headers', 'header'],
    ['http_request', undefined],
    ['formbody', 'form_body'],
  ])('refuses the unknown member %s where it stands', (member, suggestion) => {
    const error = templateErrorOf(() => parse({ url: URL, [member]: {} }));
    expect(error).toMatchObject({ code: 'TEMPLATE_SYNTAX', path: member });
    expect(error.suggestion).toBe(suggestion);
  });

  it('refuses a member called __proto__', () => {
    const request: unknown = JSON.parse(`{"url":"${URL}","__proto__":{"method":"GET"}}`);
    expect(templateErrorOf(() => parse(request)).path).toBe('__proto__');
  });

  it.each(['post', 'TRACE', '', 3, null])('refuses the method %p', (method) => {
    expect(templateErrorOf(() => parse({ url: URL, method }))).toMatchObject({
      code: 'TEMPLATE_SYNTAX',
      path: 'method',
    });
  });

  it('suggests the method that was meant', () => {
    expect(templateErrorOf(() => parse({ url: URL, method: 'post' })).suggestion).toBe('POST');
  });

  it.each([null, 'X-A: b', ['X-A']])('refuses %p as headers', (header) => {
    expect(templateErrorOf(() => parse({ url: URL, header }))).toMatchObject({
      code: 'TEMPLATE_SYNTAX',
      path: 'header',
    });
  });

  it('refuses more than 64 kB in all, however it is spread', () => {
    const items = (count: number): unknown => ({ url: URL, json_body: Array(count).fill('x'.repeat(1021)) });

    expect(parse(items(63)).renderBody(DATA)).toHaveLength(63 * 1024 + 1);
    expect(templateErrorOf(() => parse(items(64)))).toMatchObject({
      code: 'TEMPLATE_TOO_LARGE',
      path: 'http_request',
    });
    const numbers = { url: URL, json_body: Array(33_000).fill(1) };
    expect(templateErrorOf(() => parse(numbers)).code).toBe('TEMPLATE_TOO_LARGE');
  });

  it('refuses more than 16 kB in one string, counted in bytes', () => {
    const body = (text: string): unknown => ({ url: URL, json_body: { text } });

    expect(parse(body('é'.repeat(8192))).renderBody(DATA)).toContain('éé');
    expect(templateErrorOf(() => parse(body('é'.repeat(8193))))).toMatchObject({
      code: 'TEMPLATE_TOO_LARGE',
      path: 'json_body.text',
    });
    const long = 'x'.repeat(16_385);
    expect(templateErrorOf(() => parse({ url: `${URL}/${long}` }))).toMatchObject({ path: 'url' });
    expect(templateErrorOf(() => parse({ url: URL, header: { 'X-A': long } }))).toMatchObject({
      code: 'TEMPLATE_TOO_LARGE',
      path: 'header.X-A',
    });
  });

  it('keeps its own copy of what it was given', () => {
    const request = { url: URL, header: { 'X-A': 'a' }, json_body: { list: ['{{pnr}}'] } };
    const template = parse(request);

    request.header['X-A'] = 'b';
    request.json_body.list.push('c');

    expect(template.render(DATA)).toMatchObject({ headers: { 'X-A': 'a' }, body: '{"list":["YMCP6O"]}' });
  });

  it('reads the request as JSON would carry it', () => {
    const at = new Date('2026-03-10T09:20:30Z');
    const template = parse({
      url: URL,
      method: undefined,
      header: undefined,
      json_body: { a: undefined, at },
    });
    expect(template.render(DATA)).toMatchObject({
      method: 'POST',
      body: '{"at":"2026-03-10T09:20:30.000Z"}',
    });
    expect(parse({ url: URL, json_body: undefined }).usesEnvelope).toBe(true);
  });

  it('renders a field by any of its names, in every place', () => {
    const template = parse({
      url: `${URL}/{{recordLocator}}`,
      header: { 'X-A': '{{recordLocator}}' },
      json_body: ['{{recordLocator}}', '{{pnr}}', 'x {{recordLocator}}'],
    });
    expect(template.render({ pnr: 'YMCP6O', recordLocator: 'not a field' })).toMatchObject({
      url: `${URL}/YMCP6O`,
      headers: { 'X-A': 'YMCP6O' },
      body: '["YMCP6O","YMCP6O","x YMCP6O"]',
    });
  });

  it('gives each rendering headers of its own', () => {
    const template = parse({ url: URL, header: { 'X-A': 'a' } });
    template.render(DATA).headers['X-B'] = 'b';
    expect(template.render(DATA).headers).toEqual({ 'X-A': 'a' });
  });

  it('reads only own properties of the data, never writes, and works on frozen data', () => {
    const inherited: Record<string, unknown> = Object.create({ pnr: 'inherited', event_type: 'Inherited' });
    expect(parse({ url: URL, json_body: '{{pnr}}' }).renderBody(inherited)).toBe('null');
    expect(parse({ url: URL }).renderBody(inherited)).toBe('{"type":null,"timestamp":null,"data":{}}');
    expect(parse({ url: URL, json_body: '{{pnr}}' }).renderBody(Object.freeze({ ...DATA }))).toBe('"YMCP6O"');
  });

  it('says so when the data is not JSON', () => {
    const circular: Record<string, unknown> = { ...DATA };
    circular['pnr'] = circular;
    const failed = { code: 'TEMPLATE_RENDER_FAILED', cause: expect.any(TypeError) };

    expect(templateErrorOf(() => parse({ url: URL }).render(circular))).toMatchObject({
      ...failed,
      path: 'body',
    });
    const nested = parse({ url: URL, json_body: { a: ['x', 'y {{pnr}}'] } });
    expect(templateErrorOf(() => nested.render(circular))).toMatchObject({
      ...failed,
      path: 'json_body.a[1]',
    });
    const url = parse({ url: `${URL}?{{pnr}}` });
    expect(templateErrorOf(() => url.render(circular))).toMatchObject({ ...failed, path: 'url' });
    const header = parse({ url: URL, header: { 'X-A': '{{pnr}}' } });
    expect(templateErrorOf(() => header.render(circular))).toMatchObject({ ...failed, path: 'header.X-A' });
  });

  it('carries code, path, message and suggestion in its errors', () => {
    const error = templateErrorOf(() => parse({ url: URL, json_body: { a: '{{prn}}' } }));

    expect(error.name).toBe('TemplateError');
    expect(error).toMatchObject({ code: 'TEMPLATE_UNKNOWN_FIELD', path: 'json_body.a', suggestion: 'pnr' });
    expect(error.message).toBe(
      'json_body.a: "prn" is unknown. The event type has no field "prn". Did you mean "pnr"?',
    );
  });
});
