import { Redaction } from './redaction.js';

const NOTHING = { httpRequest: { url: 'https://a.example' }, templateSecrets: {}, authentication: null };

describe('the record of an answer', () => {
  it.each([
    ['a template secret', { templateSecrets: { A: 's3cret/ü' } }, 's3cret/ü'],
    ['the same, encoded for a URL', { templateSecrets: { A: 's3cret/ü' } }, 's3cret%2F%C3%BC'],
    ['the same, inside JSON', { templateSecrets: { A: 's3"cret' } }, 's3\\"cret'],
    ['a bearer token', { authentication: { type: 'bearer', token: 'tok3n' } as const }, 'tok3n'],
    [
      'a login',
      { authentication: { type: 'basic', username: 'u', password: 'pass' } as const },
      Buffer.from('u:pass').toString('base64'),
    ],
    ['a password', { authentication: { type: 'basic', username: 'u', password: 'pass' } as const }, 'pass'],
    ['a secret header', { httpRequest: { url: 'x', header: { Authorization: 'Bearer t0ken' } } }, 't0ken'],
    ['a whole secret header', { httpRequest: { url: 'x', header: { Cookie: 'a=b; c=d' } } }, 'a=b; c=d'],
    ['a token of the URL', { httpRequest: { url: 'https://a.example/?token=abcd' } }, 'abcd'],
  ])('does not hold %s that the receiver sends back', (_name, more, secret) => {
    expect(new Redaction({ ...NOTHING, ...more }).of(`You sent ${secret}.`)).toBe('You sent ********.');
  });

  it('blots out the longer of two that overlap, and keeps what is no secret', () => {
    const templateSecrets = { A: 'abcd', B: 'abcdef', C: 'xy' };
    const httpRequest = { url: 'x', header: { 'X-Team': 'flights', Token: '{{ secrets.A }}' } };
    const text = 'abcdef abcd xy flights';
    expect(new Redaction({ ...NOTHING, templateSecrets, httpRequest }).of(text)).toBe(
      '******** ******** xy flights',
    );
  });
});
