import { readFileSync } from 'node:fs';
import { inferSchema } from '../../../../test/support/infer-schema.js';
import { RequestTemplate } from './request-template.js';

interface Case {
  readonly name: string;
  readonly requires?: readonly string[];
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
const MORE_THAN_PATHS = /\||\{%|\.(?:size|first|last)\b/;
const plain = CASES.filter((example) => !MORE_THAN_PATHS.test(JSON.stringify(example.request)));
const json = plain.filter((example) => example.requires === undefined);

describe('RequestTemplate with the templates of real subscribers', () => {
  it('is tried with every case that has plain placeholders only', () => {
    expect(CASES).toHaveLength(34);
    expect(json).toHaveLength(15);
    expect(plain.filter((example) => !json.includes(example)).map(({ name }) => name)).toEqual([
      'twilio-form-encoded',
      'no-body-get-ping',
    ]);
  });

  it.each(json)('sends exactly what $name expects', ({ request, data, expected }) => {
    const before = JSON.stringify(data);

    const rendered = RequestTemplate.parse(request, { schema: inferSchema(data) }).render(data);

    expect(rendered.method).toBe(expected.method);
    expect(rendered.url).toBe(expected.url);
    expect(Object.entries(rendered.headers)).toEqual(Object.entries(expected.header));
    expect(rendered.body).toBe(expected.body_text);
    expect(JSON.parse(rendered.body ?? '')).toEqual(expected.body);
    expect(JSON.stringify(data)).toBe(before);
  });

  it('sends a GET with everything in the URL and no body', () => {
    const { request, data, expected } = plain.find(({ name }) => name === 'no-body-get-ping')!;

    const template = RequestTemplate.parse(request, { schema: inferSchema(data) });

    expect(template.render(data)).toEqual({
      method: 'GET',
      url: expected.url,
      headers: expected.header,
      body: null,
    });
    expect(template.usesEnvelope).toBe(false);
  });
});
