import { compileProjection } from './projection.js';
import { EVENT, ORDER } from './order.spec-support.js';

const { event_id, event_type, occurred_at, sequence, catalog_version } = EVENT;
const ENVELOPE = { event_id, event_type, occurred_at, sequence, catalog_version };

function project(fields: readonly string[], data: Record<string, unknown> = EVENT): Record<string, unknown> {
  return compileProjection(fields, ORDER)(data);
}

describe('a projection', () => {
  it('keeps the fields it names, and the envelope fields always', () => {
    expect(project(['provider'])).toEqual({ ...ENVELOPE, provider: 'IB' });
    expect(project([])).toEqual(ENVELOPE);
  });

  it('keeps the event’s own order, whatever the order of the paths', () => {
    const names = Object.keys(project(['tags', 'provider', 'total_amount', 'event_id']));
    expect(names).toEqual([...Object.keys(ENVELOPE), 'total_amount', 'provider', 'tags']);
  });

  it('looks into every element of a list', () => {
    expect(project(['segments.origin', 'segments.carrier.code']).segments).toEqual([
      { origin: 'MAD', carrier: { code: 'IB' } },
      { origin: 'LHR', carrier: { code: 'BA' } },
      {},
    ]);
    expect(project(['notes.0.text', 'notes.text']).notes).toEqual([[null, { text: 'late' }]]);
  });

  it('accepts aliases and gives the names', () => {
    expect(project(['recordLocator', 'segments.from'])).toEqual({
      ...ENVELOPE,
      pnr: null,
      segments: [{ origin: 'MAD' }, { origin: 'LHR' }, {}],
    });
  });

  it.each([[['contact', 'contact.email']], [['contact.email', 'contact']]])(
    'keeps all of a field of which also a part is named: %j',
    (fields) => {
      expect(project(fields, { contact: { email: 'a', phone: 'b' } })).toEqual({
        contact: { email: 'a', phone: 'b' },
      });
    },
  );

  it('leaves out what the event does not have, and keeps null', () => {
    expect(project(['contact.email', 'refundable', 'pnr'], { contact: null, pnr: null })).toEqual({
      contact: null,
      pnr: null,
    });
  });

  it('lets nothing else through where a part was named and no object stands', () => {
    expect(project(['extra.a'], { extra: 'a secret' })).toEqual({ extra: null });
    expect(project(['extra.a'], { extra: [7, { a: 1, b: 2 }] })).toEqual({ extra: [null, { a: 1 }] });
  });

  it('copies a field named __proto__ like any other, and only if it is asked for', () => {
    const data = JSON.parse('{"extra":{"__proto__":{"evil":1},"b":2}}') as Record<string, unknown>;
    const { extra } = project(['extra.__proto__'], data);
    expect(JSON.stringify(extra)).toBe('{"__proto__":{"evil":1}}');
    expect(Object.getPrototypeOf(extra)).toBe(Object.prototype);
    expect(project(['extra.b'], data).extra).toEqual({ b: 2 });
  });

  it('never changes the event', () => {
    const before = JSON.stringify(EVENT);
    project(['segments.origin', 'contact']);
    expect(JSON.stringify(EVENT)).toBe(before);
  });

  it.each([
    ['a field', 'provder', 'provider'],
    ['a part of a list’s elements', 'segments.orign', 'origin'],
    ['a part of an object that may be null', 'contact.mail', 'email'],
    ['a part two steps down', 'segments.carrier.cod', 'code'],
    ['an index', 'segments[0].origin', 'segments'],
  ])('is refused for %s that does not exist, with the nearest name', (_name, path, suggestion) => {
    expect(() => project(['pnr', path])).toThrow(
      expect.objectContaining({ code: 'TEMPLATE_UNKNOWN_FIELD', path: 'fields[1]', suggestion }),
    );
  });

  it.each(['__proto__', 'constructor', 'toString', 'pnr.length', 'tags.length', 'segments.__proto__.origin'])(
    'does not know %s',
    (path) => {
      expect(() => project([path])).toThrow(expect.objectContaining({ code: 'TEMPLATE_UNKNOWN_FIELD' }));
    },
  );
});
