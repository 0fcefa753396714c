import type { JsonSchema } from '../internal/json-schema.js';
import { RequestTemplate } from './request-template.js';
import { templateErrorOf } from './template-error.spec-support.js';

const SCHEMA: JsonSchema = {
  type: 'object',
  properties: {
    pnr: { type: 'string' },
    agency: { type: 'string' },
    none: { type: 'null' },
    codes: { type: 'array', items: { type: 'string' } },
  },
};
const DATA = { pnr: 'YMCP6O', agency: 'Smith & Söns <Travel>', none: null, codes: ['IB', 'BA'] };
const URL = 'https://example.com/hook';

function parse(request: object): RequestTemplate {
  return RequestTemplate.parse({ url: URL, ...request }, { schema: SCHEMA });
}

describe('A form body', () => {
  it('is sent as a browser sends a form, in the written order', () => {
    const template = parse({
      form_body: {
        b: '{{agency}}',
        a: 'x {{pnr}}',
        n: 7,
        t: true,
        nothing: null,
        none: '{{none}}',
        list: '{{codes}}',
      },
    });
    expect(template.render(DATA)).toMatchObject({
      contentType: 'application/x-www-form-urlencoded',
      body: 'b=Smith+%26+S%C3%B6ns+%3CTravel%3E&a=x+YMCP6O&n=7&t=true&nothing=&none=&list=%5B%22IB%22%2C%22BA%22%5D',
    });
    expect(template.usesEnvelope).toBe(false);
  });

  it('may use filters, tags, and names of any kind', () => {
    const form_body = { 'To[]': '{{ codes | join: ";" }}', é: '{% if none %}{% else %}no{% endif %}' };
    expect(parse({ form_body }).renderBody(DATA)).toBe('To%5B%5D=IB%3BBA&%C3%A9=no');
    expect(parse({ form_body: {} }).renderBody(DATA)).toBe('');
  });

  it.each([
    [['x'], 'form_body'],
    ['{{pnr}}', 'form_body'],
    [{ a: ['x'] }, 'form_body.a'],
    [{ a: { b: 'x' } }, 'form_body.a'],
  ])('refuses %j, which is no flat object', (form_body, path) => {
    expect(templateErrorOf(() => parse({ form_body }))).toMatchObject({ code: 'TEMPLATE_SYNTAX', path });
  });

  it('names the field of an error', () => {
    expect(templateErrorOf(() => parse({ form_body: { a: '{{prn}}' } }))).toMatchObject({
      code: 'TEMPLATE_UNKNOWN_FIELD',
      path: 'form_body.a',
      suggestion: 'pnr',
    });
  });
});

describe('A raw body', () => {
  const raw_body = '<a x="{{ agency | escape }}">{% for c in codes %}<c>{{ c }}</c>{% endfor %}</a>';

  it('is the text itself, nothing escaped but what asks for it', () => {
    expect(parse({ raw_body, content_type: 'text/xml; charset=utf-8' }).render(DATA)).toMatchObject({
      contentType: 'text/xml; charset=utf-8',
      body: '<a x="Smith &amp; Söns &lt;Travel&gt;"><c>IB</c><c>BA</c></a>',
    });
    expect(parse({ raw_body: '{{agency}}' }).renderBody(DATA)).toBe(DATA.agency);
    expect(parse({ raw_body: '{{codes}}' }).renderBody(DATA)).toBe('["IB","BA"]');
  });

  it('is plain text unless it says otherwise', () => {
    expect(parse({ raw_body: '' }).render(DATA)).toMatchObject({
      body: '',
      contentType: 'text/plain; charset=utf-8',
    });
  });

  it.each(['application/soap+xml; action="urn:x"', 'text/csv', 'application/vnd.api+json;version=1'])(
    'accepts the content type %s',
    (content_type) => {
      expect(parse({ raw_body: '', content_type }).render(DATA).contentType).toBe(content_type);
    },
  );

  it.each(['xml', 'text/', 'text/xml\r\nX-A: 1', '{{pnr}}', '', 7, null, 'text/xml; charset'])(
    'refuses the content type %j',
    (content_type) => {
      expect(templateErrorOf(() => parse({ raw_body: '', content_type }))).toMatchObject({
        code: 'HEADER_VALUE_INVALID',
        path: 'content_type',
      });
    },
  );

  it('refuses anything but a string', () => {
    expect(templateErrorOf(() => parse({ raw_body: {} }))).toMatchObject({
      code: 'TEMPLATE_SYNTAX',
      path: 'raw_body',
    });
  });
});

describe('The body of a request', () => {
  it('is given once', () => {
    expect(templateErrorOf(() => parse({ json_body: {}, form_body: {} })).path).toBe('form_body');
    expect(templateErrorOf(() => parse({ raw_body: '', json_body: {} })).path).toBe('json_body');
    expect(templateErrorOf(() => parse({ json_body: {}, content_type: 'text/xml' })).path).toBe(
      'content_type',
    );
  });

  it('says its content type, unless a header does', () => {
    expect(parse({}).render(DATA).contentType).toBe('application/json');
    expect(parse({ json_body: {} }).renderTarget(DATA).contentType).toBe('application/json');
    expect(parse({ json_body: {}, header: { 'content-TYPE': 'a/b' } }).render(DATA).contentType).toBeNull();
    expect(parse({ method: 'GET' }).render(DATA).contentType).toBeNull();
    expect(parse({ method: 'DELETE', form_body: {} }).render(DATA).contentType).toMatch('urlencoded');
  });
});
