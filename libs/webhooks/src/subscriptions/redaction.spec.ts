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
    ['the same, decoded', { httpRequest: { url: 'https://a.example/?token=ab%2Fcd+ef' } }, 'ab/cd ef'],
    ['a part of it', { httpRequest: { url: 'https://a.example/?token=abcd{{ pnr }}efgh' } }, 'efgh'],
    ['the JSON of PHP', { templateSecrets: { A: 'a/b+ü=' } }, 'a\\/b+\\u00fc='],
    ['the JSON of Python', { templateSecrets: { A: 'a/b+ü=' } }, 'a/b+\\u00fc='],
    ['HTML', { templateSecrets: { A: `a&b<"c'` } }, 'a&amp;b&lt;&quot;c&#39;'],
    ['a long one', { templateSecrets: { A: 'x'.repeat(4_096) } }, 'x'.repeat(4_096)],
    ['the beginning of a long one', { templateSecrets: { A: 'xy'.repeat(50) } }, 'xy'.repeat(30)],
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

  it('does not hold what a template computed for a header', () => {
    const redaction = new Redaction({ ...NOTHING, templateSecrets: { A: 'abcd' } });
    expect(redaction.of('Basic YWJjZDplZmdo, YWJjZDplZmdo, abcd', ['Basic YWJjZDplZmdo'])).toBe(
      '********, ********, ********',
    );
  });

  it('is made in no time, however alike the answer and twenty long secrets are', () => {
    const secrets = Array.from({ length: 20 }, (_, index) => [
      `K${index}`,
      `${'a'.repeat(2_000 + index)}b${'a'.repeat(2_000)}`,
    ]);
    const redaction = new Redaction({
      ...NOTHING,
      templateSecrets: Object.fromEntries(secrets) as Record<string, string>,
    });
    const answer = 'a'.repeat(16_384);
    // With a search for whole secrets, so many take longer than a test may.
    for (let time = 0; time < 200; time++) expect(redaction.of(answer)).toMatch(/^\*+$/);
  });
});
