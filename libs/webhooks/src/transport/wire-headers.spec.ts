import { wireHeaders } from './request-headers.js';
import { keptHeaders } from './response-headers.js';

const wire = (headers: Record<string, unknown>) => wireHeaders(Object.entries(headers), 'agent');

describe('wireHeaders', () => {
  it('adds identity encoding, and the user agent where there is none', () => {
    expect(wire({ 'X-Key': 'a' })).toEqual([
      'accept-encoding',
      'identity',
      'x-key',
      'a',
      'user-agent',
      'agent',
    ]);
    expect(wire({ 'User-Agent': 'own' })).toEqual(['accept-encoding', 'identity', 'user-agent', 'own']);
  });

  it('leaves out what belongs to HTTP itself', () => {
    const owned = { Host: 'internal', 'Content-Length': '1', Connection: 'close', 'Accept-Encoding': 'gzip' };
    expect(
      wire({ ...owned, Expect: '100-continue', 'Transfer-Encoding': 'chunked', Upgrade: 'h2c' }),
    ).toEqual(wire({}));
  });

  it.each([
    ['a line break in a value', { 'x-a': 'b\r\nx-c: d' }],
    ['a NUL in a value', { 'x-a': 'b\0' }],
    ['a character outside latin1', { 'x-a': '✈' }],
    ['a blank in a name', { 'x a': 'b' }],
    ['an empty name', { '': 'b' }],
  ])('refuses %s', (_case, headers) => {
    expect(() => wire(headers)).toThrow(expect.objectContaining({ code: 'REQUEST_INVALID' }));
  });
});

describe('keptHeaders', () => {
  it('keeps the allow-list, joined and bounded', () => {
    const kept = keptHeaders({
      'Content-Type': 'text/plain',
      'set-cookie': ['a=1'],
      'x-request-id': ['1', '2'],
      server: 'x'.repeat(5000),
      'x-secret': 'y',
    });
    expect(kept).toEqual({ 'content-type': 'text/plain', 'x-request-id': '1, 2', server: 'x'.repeat(1024) });
  });

  it('makes nothing of nothing', () => {
    expect(keptHeaders(undefined)).toEqual({});
  });
});
