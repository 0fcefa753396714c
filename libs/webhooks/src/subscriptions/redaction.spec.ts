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
    ['what a placeholder writes into a URL', { templateSecrets: { A: 'a!b c' } }, 'a%21b%20c'],
    ['what a form holds', { templateSecrets: { A: 'a!b c' } }, 'a%21b+c'],
    ['HTML', { templateSecrets: { A: `a&b<"c'` } }, 'a&amp;b&lt;&quot;c&#39;'],
    ['a long one', { templateSecrets: { A: 'x'.repeat(4_096) } }, 'x'.repeat(4_096)],
    ['the beginning of a long one', { templateSecrets: { A: 'xy'.repeat(50) } }, 'xy'.repeat(30)],
  ])('does not hold %s that the receiver sends back', (_name, more, secret) => {
    expect(Redaction.for({ ...NOTHING, ...more }).of(`You sent ${secret}.`)).toBe('You sent ********.');
  });

  it('blots out the longer of two that overlap, and keeps what is no secret', () => {
    const templateSecrets = { A: 'abcd', B: 'abcdef', C: 'xy' };
    const httpRequest = { url: 'x', header: { 'X-Team': 'flights', Token: '{{ secrets.A }}' } };
    const text = 'abcdef abcd xy flights';
    expect(Redaction.for({ ...NOTHING, templateSecrets, httpRequest }).of(text)).toBe(
      '******** ******** xy flights',
    );
  });

  it.each([
    ['all but one character', 's3cret-0f-the-offic', '********'],
    ['four characters', 's3cr', '********'],
    ['what is encoded', 's3cret%2F', 's3cret%2F'],
    ['fewer, which nobody can guess from', 's3c', 's3c'],
    ['what only looks like it', 's3cret-Of', 's3cret-Of'],
  ])('does not end in the middle of a secret, where only so much of it was kept: %s', (_name, end, shown) => {
    const redaction = Redaction.for({ ...NOTHING, templateSecrets: { A: 's3cret-0f-the-office' } });
    expect(redaction.of(`You sent ${end}`)).toBe(`You sent ${shown}`);
  });

  it('does not end in the middle of a secret that repeats itself, or of one within the other', () => {
    const redaction = Redaction.for({ ...NOTHING, templateSecrets: { A: 'abababab-x', B: 'abab' } });
    expect(redaction.of('You sent abababa')).toBe('You sent ********');
    expect(redaction.of('You sent abababab-')).toBe('You sent ********');
  });

  it('does not hold what a template computed for a header', () => {
    const redaction = Redaction.for({ ...NOTHING, templateSecrets: { A: 'abcd' } });
    expect(redaction.also(['Basic YWJjZDplZmdo']).of('Basic YWJjZDplZmdo, YWJjZDplZmdo, abcd')).toBe(
      '********, ********, ********',
    );
  });

  it('is made in no time, however alike the answer and twenty long secrets are', () => {
    const secrets = Array.from({ length: 20 }, (_, index) => [
      `K${index}`,
      `${'a'.repeat(2_000 + index)}b${'a'.repeat(2_000)}`,
    ]);
    const redaction = Redaction.for({
      ...NOTHING,
      templateSecrets: Object.fromEntries(secrets) as Record<string, string>,
    });
    const answer = 'a'.repeat(16_384);
    // With a search for whole secrets, so many take longer than a test may.
    for (let time = 0; time < 200; time++) expect(redaction.of(answer)).toMatch(/^\*+$/);
  });
});
