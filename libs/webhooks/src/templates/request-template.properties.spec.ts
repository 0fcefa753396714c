import fc from 'fast-check';
import { TemplateError } from '../errors/template-error.js';
import { ownValue } from './own-value.js';
import { parsePlainPath } from './plain-path.js';
import { event, plainPath, templateText } from './random-templates.spec-support.js';
import { RequestTemplate, type RenderedRequest } from './request-template.js';

const ORIGIN = 'https://example.com:8443';
/** fast-check prints the seed of a failure; a run ends in time whatever the machine does. */
const BOUNDED = { numRuns: 400, interruptAfterTimeLimit: 8000, markInterruptAsFailure: false } as const;

const RENDER_CODES = ['TEMPLATE_RENDER_LIMIT', 'TEMPLATE_RENDER_FAILED', 'HEADER_VALUE_INVALID'];
const URL_CODES = ['URL_NULL_SEGMENT', 'URL_DOT_SEGMENT', 'URL_INVALID'];

/** What an accepted template sends; null when it is refused, or fails with one of the codes a rendering has. */
function send(request: object, data: Record<string, unknown>): RenderedRequest | null {
  const template = accepted({ url: `${ORIGIN}/`, ...request });
  if (template === null) return null;
  const before = JSON.stringify(data);
  try {
    return template.render(data);
  } catch (error) {
    expect([...RENDER_CODES, ...URL_CODES]).toContain((error as TemplateError).code);
    return null;
  } finally {
    expect(JSON.stringify(data)).toBe(before);
  }
}

function accepted(request: object): RequestTemplate | null {
  try {
    return RequestTemplate.parse(request, { schema: {} });
  } catch (error) {
    if (error instanceof TemplateError) return null;
    throw error;
  }
}

function lookUp(path: string, data: Record<string, unknown>): unknown {
  return (parsePlainPath(path) ?? []).reduce<unknown>(ownValue, data) ?? null;
}

function asJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value)) as unknown;
}

describe('RequestTemplate, for any event and any accepted template', () => {
  it('makes a body that is valid JSON, keeps its form, and holds no unrendered placeholder', () => {
    let sent = 0;
    fc.assert(
      fc.property(event, templateText, templateText, (data, first, second) => {
        const rendered = send({ json_body: { first, list: [second, 1], literal: null } }, data);
        if (rendered === null) return;
        const body = JSON.parse(rendered.body ?? '') as Record<string, unknown>;
        expect(Object.keys(body)).toEqual(['first', 'list', 'literal']);
        expect(body['literal']).toBeNull();
        expect(rendered.body).toBe(JSON.stringify(body));
        if (!/json|append|prepend|replace/.test(first + second))
          expect(rendered.body).not.toMatch(/\{\{|\{%|%\}/);
        sent += 1;
      }),
      BOUNDED,
    );
    // The property would hold of nothing if the generator's templates were refused.
    expect(sent).toBeGreaterThan(100);
  });

  it('gives an exact placeholder the very value of the field', () => {
    fc.assert(
      fc.property(event, plainPath, (data, path) => {
        const rendered = send({ json_body: { v: `{{ ${path} }}` } }, data);
        expect(asJson(JSON.parse(rendered?.body ?? ''))).toEqual({ v: asJson(lookUp(path, data)) });
      }),
      BOUNDED,
    );
  });

  it('reaches no other origin, and adds neither segments nor parameters', () => {
    fc.assert(
      fc.property(event, plainPath, templateText, (data, path, text) => {
        const rendered = send(
          { url: `${ORIGIN}/a/{{ ${path} | json }}/b?q={{${path}}}&r={{ ${path} }}` },
          data,
        );
        const url = rendered === null ? null : new URL(rendered.url);
        if (url !== null) {
          expect(url.origin).toBe(ORIGIN);
          expect(url.pathname.split('/')).toHaveLength(4);
          expect([...url.searchParams.keys()]).toEqual(['q', 'r']);
        }
        const free = send({ url: `${ORIGIN}/${text.replace(/[\s"\\]/g, '')}` }, data);
        if (free !== null) expect(new URL(free.url).origin).toBe(ORIGIN);
      }),
      BOUNDED,
    );
  });

  it('puts neither controls nor other letters than ASCII into headers', () => {
    fc.assert(
      fc.property(event, templateText, (data, text) => {
        const rendered = send({ header: { 'X-A': text.replace(/[\né]/g, ''), 'X-B': '1' } }, data);
        if (rendered === null) return;
        expect(Object.keys(rendered.headers)).toEqual(['X-A', 'X-B']);
        expect(rendered.headers['X-A']).toMatch(/^[\x20-\x7e]*$/);
      }),
      BOUNDED,
    );
  });

  it('writes a form with the names it was given', () => {
    fc.assert(
      fc.property(event, templateText, templateText, (data, first, second) => {
        const rendered = send({ form_body: { first, second } }, data);
        if (rendered === null) return;
        expect([...new URLSearchParams(rendered.body ?? '').keys()]).toEqual(['first', 'second']);
      }),
      BOUNDED,
    );
  });

  it('renders the same twice', () => {
    fc.assert(
      fc.property(event, templateText, (data, text) => {
        const request = { raw_body: text };
        expect(send(request, data)).toEqual(send(request, asJson(data) as Record<string, unknown>));
      }),
      BOUNDED,
    );
  });
});
