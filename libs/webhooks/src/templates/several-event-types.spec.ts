import type { JsonSchema } from '../internal/json-schema.js';
import { RequestTemplate } from './request-template.js';
import { templateErrorOf } from './template-error.spec-support.js';

const text = { type: 'string' };

function eventType(name: string, properties: Record<string, JsonSchema>): JsonSchema {
  return { title: name, type: 'object', properties: { event_type: { ...text, const: name }, ...properties } };
}

const TICKETED = eventType('OrderTicketed', {
  pnr: { ...text, 'x-aliases': ['locator'] },
  tickets: { type: 'array', items: text },
});
const CANCELED = eventType('OrderCanceled', { pnr: text, locator: text, reason: text });

function parse(json_body: unknown, schema: readonly JsonSchema[] = [TICKETED, CANCELED]): RequestTemplate {
  return RequestTemplate.parse({ url: 'https://example.com', json_body }, { schema });
}

describe('A template for several event types', () => {
  it('is accepted when each of them has every field', () => {
    expect(
      parse(['{{pnr}}', '{{ pnr | downcase }}']).renderBody({ event_type: 'OrderCanceled', pnr: 'A' }),
    ).toBe('["A","a"]');
  });

  it.each([
    ['{{reason}}', 'OrderTicketed'],
    ['{{ reason | upcase }}', 'OrderTicketed'],
    ['{{tickets}}', 'OrderCanceled'],
    ['{% for t in tickets %}{{ t }}{% endfor %}', 'OrderCanceled'],
  ])('refuses %s and names the event type that lacks it', (leaf, name) => {
    const error = templateErrorOf(() => parse([leaf]));
    expect(error).toMatchObject({ code: 'TEMPLATE_UNKNOWN_FIELD', path: 'json_body[0]' });
    expect(error.message).toContain(`The event type ${name} has no field`);
  });

  it('reads a name as the event type at hand means it', () => {
    const template = parse(['{{locator}}', '{{ locator | downcase }}']);
    const data = { pnr: 'P', locator: 'L' };
    expect(template.renderBody({ ...data, event_type: 'OrderTicketed' })).toBe('["P","p"]');
    expect(template.renderBody({ ...data, event_type: 'OrderCanceled' })).toBe('["L","l"]');
    expect(template.renderBody(data)).toBe('["P","p"]');
  });

  it('accepts a list of one, and of none', () => {
    expect(parse(['{{pnr}}'], [TICKETED]).renderBody({ pnr: 'A' })).toBe('["A"]');
    expect(parse(['{{anything}}'], []).renderBody({ anything: 1 })).toBe('[1]');
  });
});
