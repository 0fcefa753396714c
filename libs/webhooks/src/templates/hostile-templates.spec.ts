import { HOSTILE_DATA, HOSTILE_SCHEMA } from '../../../../test/fixtures/hostile-event.js';
import { HOSTILE_TEMPLATES } from '../../../../test/fixtures/hostile-templates.js';
import { TemplateError } from '../errors/template-error.js';
import { cpuTime } from '../internal/cpu-time.spec-support.js';
import { RequestTemplate } from './request-template.js';

const SECRET = 's3cr3t-value';
/** The bound is 250 ms; what is measured here shares its processor with everything else. */
const GENEROUS_MS = 250 * 8;

interface Ending {
  readonly outcome: string;
  readonly shown: string;
}

function attempt(request: unknown): Ending {
  try {
    const template = RequestTemplate.parse(request, { schema: HOSTILE_SCHEMA, secrets: ['KEY'] });
    const rendered = template.render(HOSTILE_DATA, { secrets: { KEY: SECRET } });
    return { outcome: 'renders', shown: JSON.stringify(rendered) };
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    return { outcome: error.code, shown: `${error.message} ${String(error.cause)} ${error.stack}` };
  }
}

const CASES = HOSTILE_TEMPLATES.map((hostile) => ({
  ...hostile,
  title: JSON.stringify(hostile.request).slice(0, 160),
}));

describe('A hostile template', () => {
  it('is tried in at least 100 ways of at least 20 families', () => {
    expect(CASES.length).toBeGreaterThanOrEqual(100);
    expect(new Set(CASES.map(({ family }) => family)).size).toBeGreaterThanOrEqual(20);
  });

  it.each(CASES)('($family) ends as $outcome: $title', ({ request, outcome }) => {
    const event = JSON.stringify(HOSTILE_DATA);
    const start = cpuTime();

    const ending = attempt(request);

    expect(ending.outcome).toBe(outcome);
    expect(cpuTime() - start).toBeLessThan(GENEROUS_MS);
    expect(ending.shown).not.toContain(SECRET);
    expect(ending.shown).not.toContain('root:');
    expect(JSON.stringify(HOSTILE_DATA)).toBe(event);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('leaves the engine as it was for the next template', () => {
    const next = RequestTemplate.parse(
      { url: 'https://example.com/', json_body: ['{{ pnr | downcase }}'] },
      { schema: HOSTILE_SCHEMA },
    );
    for (const { request } of CASES.filter(({ outcome }) => outcome === 'TEMPLATE_RENDER_LIMIT').slice(
      0,
      10,
    )) {
      attempt(request);
      expect(next.renderBody(HOSTILE_DATA)).toBe('["ymcp6o"]');
    }
  });
});
