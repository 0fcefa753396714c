import { RequestTemplate } from './request-template.js';
import { templateErrorOf } from './template-error.spec-support.js';

const SCHEMA = { type: 'object', properties: { pnr: { type: 'string' }, secrets: { type: 'string' } } };
const DATA = { pnr: 'YMCP6O', secrets: 'a field nobody reaches' };
const REQUEST = {
  url: 'https://example.com/hook/{{secrets.PATH_KEY}}',
  header: { Authorization: 'Basic {{ secrets.TOKEN | base64_encode }}' },
  json_body: {
    key: '{{secrets.TOKEN}}',
    text: 'k={{secrets.TOKEN}}',
    tag: '{% if secrets.TOKEN == "t0ken" %}y{% endif %}',
  },
};
const SECRETS = { TOKEN: 't0ken', PATH_KEY: 'p/1' };

function parse(
  request: object = REQUEST,
  secrets: readonly string[] = ['TOKEN', 'PATH_KEY'],
): RequestTemplate {
  return RequestTemplate.parse(request, { schema: SCHEMA, secrets });
}

describe('Secrets', () => {
  it('are read in every place, by getters and by the engine', () => {
    expect(parse().render(DATA, { secrets: SECRETS })).toMatchObject({
      url: 'https://example.com/hook/p%2F1',
      headers: { Authorization: 'Basic dDBrZW4=' },
      body: '{"key":"t0ken","text":"k=t0ken","tag":"y"}',
    });
  });

  it('are masked before anything is computed of them', () => {
    const rendered = parse().render(DATA, { secrets: SECRETS, mask: true });

    expect(rendered).toMatchObject({
      url: 'https://example.com/hook/%2A%2A%2A%2A%2A%2A%2A%2A',
      headers: { Authorization: 'Basic KioqKioqKio=' },
      body: '{"key":"********","text":"k=********","tag":""}',
    });
    expect(parse().render(DATA, { mask: true })).toEqual(rendered);
  });

  it('are named by the template that reads them', () => {
    expect([...parse().secrets].sort()).toEqual(['PATH_KEY', 'TOKEN']);
    expect(parse({ url: 'https://example.com/{{pnr}}' }).secrets).toEqual([]);
  });

  it.each(['TOKEN', 'PATH_KEY'])('fail the rendering when %s has no value', (missing) => {
    const secrets = Object.fromEntries(Object.entries(SECRETS).filter(([name]) => name !== missing));
    const error = templateErrorOf(() => parse().render(DATA, { secrets }));
    expect(error.code).toBe('TEMPLATE_RENDER_FAILED');
    expect(error.message).toContain(`The secret "${missing}" has no value`);
  });

  it('are refused when the subscription has none of that name', () => {
    expect(templateErrorOf(() => parse(REQUEST, ['TOKEN', 'PATHKEY']))).toMatchObject({
      code: 'TEMPLATE_UNKNOWN_FIELD',
      path: 'url',
      suggestion: 'PATHKEY',
    });
    expect(RequestTemplate.parse(REQUEST, { schema: SCHEMA }).secrets).toHaveLength(2);
  });

  it.each(['{{secrets}}', '{{secrets.A.b}}', '{{secrets[0]}}', '{{ secrets | json }}', '{{ secrets[pnr] }}'])(
    'are not given away by %s',
    (leaf) => {
      const error = templateErrorOf(() => parse({ url: 'https://example.com', json_body: [leaf] }));
      expect(error).toMatchObject({ code: 'TEMPLATE_UNKNOWN_FIELD', path: 'json_body[0]' });
    },
  );

  it('never stand in an error', () => {
    const secrets = { TOKEN: 'päss\nword', PATH_KEY: '..' };
    for (const request of [
      { url: 'https://example.com', header: { 'X-A': '{{secrets.TOKEN}}' } },
      { url: 'https://example.com', header: { 'X-A': '{{ secrets.TOKEN | upcase }}' } },
      { url: 'https://example.com/{{secrets.PATH_KEY}}' },
      { url: 'https://example.com', json_body: ['{{ "2026-01-01" | date: "%Y", secrets.TOKEN }}'] },
    ]) {
      const error = templateErrorOf(() => parse(request).render(DATA, { secrets }));
      expect(`${error.stack} ${String(error.cause)}`).not.toMatch(/p.ss/i);
    }
  });
});
