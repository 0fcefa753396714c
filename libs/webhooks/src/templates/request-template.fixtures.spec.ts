import { readFileSync } from 'node:fs';
import { inferSchema } from '../../../../test/support/infer-schema.js';
import { RequestTemplate } from './request-template.js';

interface Case {
  readonly name: string;
  readonly request: unknown;
  readonly data: Record<string, unknown>;
  readonly expected: {
    readonly method: string;
    readonly url: string;
    readonly header: Record<string, string>;
    readonly body?: unknown;
    readonly body_text?: string;
  };
}

const FIXTURES = new URL('../../../../test/fixtures/templates.json', import.meta.url);
const CASES = JSON.parse(readFileSync(FIXTURES, 'utf8')) as Case[];

describe('RequestTemplate with the templates of real subscribers', () => {
  it('is tried with every one of them', () => {
    expect(CASES).toHaveLength(34);
    expect(new Set(CASES.map(({ name }) => name)).size).toBe(34);
  });

  it('runs in the time zone it is meant to run in', () => {
    const here = new Date(2026, 0, 15).getTimezoneOffset();
    expect(here).toBe(Number(process.env['WEBHOOKS_TEST_ZONE_OFFSET'] ?? here));
  });

  it.each(CASES)('sends exactly what $name expects', ({ request, data, expected }) => {
    const before = JSON.stringify(data);

    const rendered = RequestTemplate.parse(request, { schema: inferSchema(data) }).render(data);

    expect(rendered.method).toBe(expected.method);
    expect(rendered.url).toBe(expected.url);
    expect(Object.entries(rendered.headers)).toEqual(Object.entries(expected.header));
    expect(rendered.body).toBe(expected.body_text ?? null);
    expect(JSON.stringify(data)).toBe(before);
  });

  it.each(CASES.filter(({ request }) => 'json_body' in (request as object)))(
    'sends $name as JSON that says the same',
    ({ request, data, expected }) => {
      const body = RequestTemplate.parse(request, { schema: inferSchema(data) }).renderBody(data);
      expect(JSON.parse(body ?? '')).toEqual(expected.body);
    },
  );
});
