import { isHeaderName, isHeaderValue, isReservedHeader } from './header-rules.js';

describe('header rules', () => {
  it.each([
    ...['Host', 'content-length', 'Transfer-Encoding', 'connection', 'TE', 'trailer', 'upgrade', 'expect'],
    ...['keep-alive', 'proxy-authorization', 'Proxy-', 'webhook-id', 'WEBHOOK-Signature'],
  ])('reserve %s for the dispatcher', (name) => {
    expect(isReservedHeader(name)).toBe(true);
  });

  it.each(['Authorization', 'content-type', 'x-webhook-id', 'webhook', 'teX', 'hostname', 'constructor'])(
    'leave %s to the subscriber',
    (name) => {
      expect(isReservedHeader(name)).toBe(false);
    },
  );

  it('take tokens as names and nothing else', () => {
    expect(["X-A_1.b~!#$%&'*+^`|", 'a'].every(isHeaderName)).toBe(true);
    expect(['', 'a b', 'a:', 'ä', 'a\n', '(a)', 'a/b', '{a}'].some(isHeaderName)).toBe(false);
  });

  it('take printable ASCII as values and nothing else', () => {
    expect(['', ' ', 'Basic eA==', '~ !"'].every(isHeaderValue)).toBe(true);
    expect(['\t', '\n', 'a\r\n', '\0', '\u007f', 'é', '\u2028'].some(isHeaderValue)).toBe(false);
  });
});
