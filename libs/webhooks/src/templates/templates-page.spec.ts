import { readFileSync } from 'node:fs';
import { inferSchema } from '../../../../test/support/infer-schema.js';
import { TemplateError } from '../errors/template-error.js';
import { FILTERS } from './liquid/filters.js';
import { TAGS } from './liquid/parse-template.js';
import { RequestTemplate } from './request-template.js';

const PAGE = readFileSync(new URL('../../../../docs/templates.md', import.meta.url), 'utf8');
const ERRORS = readFileSync(new URL('../errors/template-error.ts', import.meta.url), 'utf8');

interface Block {
  readonly language: string;
  readonly text: string;
}

const BLOCKS: Block[] = [...PAGE.matchAll(/^```(\w+)\n([\s\S]*?)\n```$/gm)].map(
  ([, language = '', text = '']) => ({
    language,
    text,
  }),
);
const EVENT = JSON.parse(
  BLOCKS.find(({ text }) => text.includes('"occurred_at": "2026'))?.text ?? '{}',
) as Record<string, unknown>;
const SCHEMA = inferSchema(EVENT);
/** What the page says where an example would be too long. */
const LARGE = 'a string of 20 kB';

/** The cells of every table row that begins with code. */
const ROWS = [...PAGE.matchAll(/^\| +(`.+?) *\|$/gm)].map(([, row = '']) =>
  row.split(/(?<!\\) +\| +/).map((cell) => cell.replace(/^`|`$/g, '').replaceAll('\\|', '|')),
);
const EXAMPLES = ROWS.filter((cells) => cells.length === 2) as [template: string, sends: string][];
const CURES = ROWS.filter((cells) => cells.length === 3) as [code: string, example: string, cure: string][];

const REQUESTS = BLOCKS.flatMap(({ text }, index) => {
  const request = text.includes('"http_request"')
    ? (JSON.parse(text) as { http_request: object }).http_request
    : null;
  const sent = BLOCKS[index + 1];
  return request === null
    ? []
    : [{ request, sent: sent?.language === 'http' ? sent.text : '', url: urlOf(request) }];
});

function urlOf(request: object): unknown {
  return (request as { url?: unknown }).url;
}

function codeOf(request: unknown): string {
  try {
    RequestTemplate.parse(request, { schema: SCHEMA }).render(EVENT);
    return 'none';
  } catch (error) {
    return error instanceof TemplateError ? error.code : String(error);
  }
}

function normalised(body: string): unknown {
  return body.startsWith('{') ? (JSON.parse(body) as unknown) : body;
}

describe('docs/templates.md', () => {
  it('has the examples, templates and errors that it is known for', () => {
    expect(EXAMPLES.length).toBeGreaterThan(50);
    expect(REQUESTS.length).toBeGreaterThanOrEqual(11);
    for (const name of [
      'Slack',
      'Microsoft Teams',
      'PagerDuty',
      'Zapier',
      'Salesforce',
      'Twilio',
      'A SOAP mid-office',
    ])
      expect(PAGE).toContain(`\n### ${name}\n`);
  });

  it.each(EXAMPLES)('is right that %s sends %s', (template, sends) => {
    const request = { url: 'https://example.com', json_body: { v: template } };
    const body = RequestTemplate.parse(request, { schema: SCHEMA }).renderBody(EVENT);
    expect(body).toBe(`{"v":${sends}}`);
  });

  it.each(REQUESTS)('is right about what is sent to $url', ({ request, sent }) => {
    const { method, url, headers, body } = RequestTemplate.parse(request, { schema: SCHEMA }).render(EVENT, {
      mask: true,
    });
    const [head = '', written] = sent.split('\n\n');
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);

    expect(head.split('\n')).toEqual([`${method} ${url}`, ...lines]);
    expect(body === null ? undefined : normalised(body)).toEqual(
      written === undefined ? undefined : normalised(written),
    );
  });

  it.each(CURES)('is right that %s is the code for %s', (code, example) => {
    const leaf = example === LARGE ? 'x'.repeat(20_000) : example;
    const request: unknown = leaf.startsWith('{"')
      ? JSON.parse(leaf)
      : { url: 'https://example.com', json_body: { v: leaf } };
    expect(codeOf(request)).toBe(code);
  });

  it('has a cure for every code', () => {
    const codes = [...ERRORS.matchAll(/^ {2}\| '([A-Z_]+)'/gm)].map(([, code]) => code);
    expect(codes.length).toBeGreaterThanOrEqual(15);
    // Those of content filters have a page of their own.
    expect(CURES.map(([code]) => code)).toEqual(codes.filter((code) => !code?.startsWith('FILTER_')));
  });

  it('names every filter and tag', () => {
    const words = new Set(PAGE.match(/[a-z_0-9]+/g));
    expect([...FILTERS.keys(), ...TAGS].filter((name) => !words.has(name))).toEqual([]);
  });
});
