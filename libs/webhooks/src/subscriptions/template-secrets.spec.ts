import { SubscriptionInvalidError } from '../errors/subscription-invalid-error.js';
import { InputIssues } from './input-issues.js';
import { parseTemplateSecrets } from './parse-template-secrets.js';
import { MASK } from './mask.js';
import { maskedSecrets, unmaskSecrets } from './template-secrets.js';

const VALUE = 'never-quoted';

function refusal(value: unknown): { path: string; message: string } {
  const issues = new InputIssues();
  parseTemplateSecrets(value, issues);
  try {
    issues.throwIfAny();
  } catch (error) {
    return error as { path: string; message: string };
  }
  throw new Error('It was accepted.');
}

function refusedPaths(...args: Parameters<typeof unmaskSecrets>): string[] {
  try {
    unmaskSecrets(...args);
  } catch (error) {
    if (error instanceof SubscriptionInvalidError) return error.issues.map(({ path }) => path);
    throw error;
  }
  return [];
}

describe('template secrets', () => {
  it('are texts by name, whatever is in them', () => {
    const secrets = { API_KEY: 'k', _pem: '-----BEGIN\nKEY-----', constructor: 'c', a1: 'ü'.repeat(2_048) };
    const issues = new InputIssues();
    expect(parseTemplateSecrets(secrets, issues)).toEqual(secrets);
    expect(parseTemplateSecrets(undefined, issues)).toEqual({});
    expect(parseTemplateSecrets(null, issues)).toEqual({});
    expect(issues.isEmpty).toBe(true);
  });

  it.each<[string, unknown, string]>([
    ['a text', VALUE, 'template_secrets'],
    ['a list', [VALUE], 'template_secrets'],
    ['a name with a full stop', { 'a.b': VALUE }, 'template_secrets.a.b'],
    ['a name that begins with a digit', { '1a': VALUE }, 'template_secrets.1a'],
    ['a name of 65 characters', { ['a'.repeat(65)]: VALUE }, `template_secrets.${'a'.repeat(65)}`],
    ['no name', { '': VALUE }, 'template_secrets.'],
    ['a number', { A: 12345 }, 'template_secrets.A'],
    ['null', { A: null }, 'template_secrets.A'],
    ['nothing', { A: '' }, 'template_secrets.A'],
    ['half of a surrogate pair', { A: `${VALUE}\ud800` }, 'template_secrets.A'],
    ['4,097 bytes', { A: `${VALUE}${'ü'.repeat(2_043)}` }, 'template_secrets.A'],
    [
      '21 secrets',
      Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`A${index}`, VALUE])),
      'template_secrets',
    ],
  ])('are refused as %s, without quoting a value', (_name, value, path) => {
    const error = refusal(value);
    expect(error).toMatchObject({ code: 'SUBSCRIPTION_INVALID', path });
    expect(error.message).not.toContain(VALUE);
  });

  it('are shown as masks', () => {
    expect(maskedSecrets({ A: 'a', B: 'b' })).toEqual({ A: MASK, B: MASK });
  });
});

describe('a masked template secret that is sent back', () => {
  const stored = { httpRequest: { url: 'https://a.example/{{pnr}}' }, templateSecrets: { A: 'a', B: 'b' } };

  it('keeps the stored value', () => {
    const next = { httpRequest: { url: 'https://a.example:443/' }, templateSecrets: { A: MASK, B: 'new' } };
    expect(unmaskSecrets(next, stored)).toEqual({ A: 'a', B: 'new' });
  });

  it.each(['https://b.example/', 'https://a.example:8443/', 'http://a.example/'])(
    'is refused for a target at %s, each of them, although no template reads it yet',
    (url) => {
      const next = { httpRequest: { url }, templateSecrets: { A: MASK, B: MASK } };
      expect(refusedPaths(next, stored)).toEqual(['template_secrets.A', 'template_secrets.B']);
      expect(() => unmaskSecrets(next, stored)).toThrow('The stored value is not sent to another scheme');
    },
  );

  it('is refused where nothing is stored', () => {
    const next = { httpRequest: stored.httpRequest, templateSecrets: { C: MASK, constructor: MASK } };
    expect(refusedPaths(next, stored)).toEqual(['template_secrets.C', 'template_secrets.constructor']);
    expect(() => unmaskSecrets(next, null)).toThrow('give the value itself');
  });

  it('needs nothing of values in clear, wherever they go', () => {
    const next = { httpRequest: { url: 'https://b.example/' }, templateSecrets: { A: 'new' } };
    expect(unmaskSecrets(next, stored)).toEqual({ A: 'new' });
  });
});
