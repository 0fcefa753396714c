import { KnownFields } from './known-fields.js';
import { renderingOf } from './rendering.spec-support.js';
import { templateErrorOf } from './template-error.spec-support.js';
import { UrlTemplate } from './url-template.js';

const FIELDS = new KnownFields({ properties: { a: {}, b: {}, c: {} } });

function render(url: unknown, data: Record<string, unknown> = {}): string {
  return UrlTemplate.parse(url, FIELDS).render(renderingOf(data));
}

const HOSTILE = [
  '/../../admin',
  '//evil.example/',
  '@evil.example/',
  ':81/',
  '\\\\evil.example\\',
  'x?y#z&k=v',
  'a\r\nHost: evil\0',
  "!'()*~-_.",
  '%2e%2e%2f',
  'é 😀 \u2028',
  '\ud800 lone \udc00',
  '{{b}}{%x%}',
];

describe('UrlTemplate', () => {
  it.each([
    'https://example.com',
    'https://example.com/',
    'http://EXAMPLE.com:80/in%20box/a%2Fb/%2E%2Ex?tag=%zz&q=..#/../{}',
    'https://[2606:2800::1]:8443/x//y/;p=1',
    'https://müller.example/x?y=a/../b',
  ])('leaves the literal %s as it is written', (url) => {
    expect(render(url)).toBe(url);
  });

  it('encodes what a URL cannot hold, without touching written escapes', () => {
    expect(render('https://example.com/añadir%20?q=日#é')).toBe(
      'https://example.com/a%C3%B1adir%20?q=%E6%97%A5#%C3%A9',
    );
  });

  it('encodes each placeholder by itself', () => {
    const url = 'https://example.com/{{a}}-{{ b }}/x?q={{a}}&{{b}}={{-c-}}#{{a}}';
    expect(render(url, { a: "O'B/é", b: 7, c: ['x'] })).toBe(
      'https://example.com/O%27B%2F%C3%A9-7/x?q=O%27B%2F%C3%A9&7=%5B%22x%22%5D#O%27B%2F%C3%A9',
    );
  });

  it.each(HOSTILE)('keeps scheme, host, port and segments whatever the value: %j', (a) => {
    const url = render('https://example.com:8443/x/{{a}}/y?q={{a}}#{{a}}', { a });
    const parsed = new URL(url);

    expect(parsed.href).toBe(url);
    expect(parsed.host).toBe('example.com:8443');
    expect(parsed.pathname.split('/')).toHaveLength(4);
    const value = a.replace(/\p{Surrogate}/gu, '\ufffd');
    expect(decodeURIComponent(parsed.pathname.split('/')[2] ?? '')).toBe(value);
    expect([...new URLSearchParams(parsed.search)]).toEqual([['q', value]]);
    expect(url).toMatch(/^[\x21-\x7e]+$/);
  });

  it.each([
    ['https://example.com/{{a}}/x', '..'],
    ['https://example.com/{{a}}', '.'],
    ['https://example.com/x/.{{a}}?q', '.'],
    ['https://example.com/%2e{{a}}', '.'],
    ['https://example.com/%2E{{a}}#f', ''],
    ['https://example.com/{{a}}{{a}}', '.'],
    ['https://example.com/x/{{a}}.', ''],
  ])('refuses to render the dot segment of %s with %j', (url, a) => {
    expect(templateErrorOf(() => render(url, { a }))).toMatchObject({ code: 'URL_DOT_SEGMENT', path: 'url' });
  });

  it.each(['/..', '/./x', '/x/%2e%2E/y?q', '/.%2e#f', '/{{a}}/../x', '/{{a}}/.?{{a}}'])(
    'refuses the literal dot segment of %s when it is parsed',
    (path) => {
      const error = templateErrorOf(() => UrlTemplate.parse(`https://example.com${path}`, FIELDS));
      expect(error.code).toBe('URL_DOT_SEGMENT');
    },
  );

  it('takes dots beside other text, and dots behind the path, as they are', () => {
    const url = 'https://example.com/{{a}}x/...?q=/{{a}}/../#/{{a}}';
    expect(render(url, { a: '..' })).toBe('https://example.com/..x/...?q=/../../#/..');
  });

  it.each([
    'https://example.com/{{a}}',
    'https://example.com/x-{{a}}/y',
    'https://example.com/x/{{b}}{{a}}?q',
  ])('refuses null inside the path of %s', (url) => {
    for (const data of [{ a: null, b: 'b' }, { b: 'b' }]) {
      expect(templateErrorOf(() => render(url, data))).toMatchObject({
        code: 'URL_NULL_SEGMENT',
        path: 'url',
      });
    }
  });

  it('renders null behind the path as nothing', () => {
    expect(render('https://example.com?q={{a}}#{{b}}', { a: null })).toBe('https://example.com?q=#');
  });

  it.each([
    '{{a}}',
    'http{{a}}://example.com/',
    'https:/{{a}}',
    'https://{{a}}/x',
    'https://{{a}}.example.com/x',
    'https://example.com{{a}}',
    'https://example.com:{{a}}/x',
    'https://user:{{a}}@example.com/',
    'https://example.com\\{{a}}',
  ])('refuses the placeholder before the end of the authority in %s', (url) => {
    expect(templateErrorOf(() => render(url))).toMatchObject({
      code: 'URL_PLACEHOLDER_IN_AUTHORITY',
      path: 'url',
    });
  });

  it.each([
    undefined,
    null,
    7,
    {},
    '',
    'example.com/x',
    '/relative/{{a}}',
    'x{{a}}',
    '//example.com/x',
    'ftp://example.com/{{a}}',
    'javascript:alert(1)',
    'data:text/plain,x',
    'file:///etc/passwd',
    'https:example.com/x',
    'https:///example.com/x',
    'https://',
    'https://?q',
    'https://user@example.com/',
    'https://user:secret@example.com/x',
    'https://@example.com/',
    'https://example.com:99999/',
    'https://exa mple.com/',
    ' https://example.com/',
    'https://example.com/a b',
    'https://example.com/a\nb',
    'https://exam\tple.com/',
    'https://example.com\\@evil.example/',
    'https://example.com/{{a}}\\x',
    'https://[::1/',
    'https://exa<mple.com/',
  ])('refuses %p as a URL', (url) => {
    expect(templateErrorOf(() => render(url))).toMatchObject({ code: 'URL_INVALID', path: 'url' });
  });

  it('refuses an unknown field', () => {
    expect(templateErrorOf(() => render('https://example.com/?q={{x.y}}'))).toMatchObject({
      code: 'TEMPLATE_UNKNOWN_FIELD',
      path: 'url',
    });
  });

  it('stops when values make the URL too long', () => {
    const url = `https://example.com/${'{{a}}'.repeat(100)}`;
    expect(templateErrorOf(() => render(url, { a: 'é'.repeat(10_000) }))).toMatchObject({
      code: 'TEMPLATE_RENDER_LIMIT',
      path: 'url',
    });
  });
});
