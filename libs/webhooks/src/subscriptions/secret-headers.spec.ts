import { MASK } from './mask.js';
import { isSecretHeader, maskedHeaders, maskedRequest, unmaskRequest } from './secret-headers.js';

describe('a secret header', () => {
  it.each([
    ['Authorization', 'Basic YourPassword'],
    ['proxy-authorization', 'x'],
    ['Cookie', 'sid=1'],
    ['X-Api-Key', 'abc'],
    ['X-Access-Token', 'abc'],
    ['X-Client-Secret', 'abc'],
    ['X-PASSWORD', 'abc'],
    ['X-Signature', 'abc'],
    ['X-Auth', 'abc'],
    ['X-Passwd', 'abc'],
    ['X-Db-Pwd', 'abc'],
    ['X-Amz-Credential', 'abc'],
    ['X-Session-Id', 'abc'],
    ['X-Jwt', 'abc'],
    ['Sig', 'abc'],
    ['Authorization', 'Bearer {{token}}'],
    ['Authorization', `{{ "literal" }}`],
    ['Authorization', '{{ a | default: 12345 }}'],
    ['X-Api-Key', 12345],
  ])('is %s: %s', (name, value) => {
    expect(isSecretHeader(name, value)).toBe(true);
  });

  it.each([
    ['X-Tenant', 'nube'],
    ['Content-Type', 'application/json'],
    ['X-Order-Key', '{{agw_id}}'],
    ['X-Country-Code', 'de'],
    ['X-Passenger', 'one'],
    ['X-Order-Key', ' {{ passengers[0].name }}{{-pnr-}} '],
    ['X-Api-Key', ''],
  ])('is not %s: %s', (name, value) => {
    expect(isSecretHeader(name, value)).toBe(false);
  });

  it('is shown as a mask, the others as they are', () => {
    const header = { Authorization: 'Basic x', 'X-Team': 'a' };
    expect(maskedHeaders(header)).toEqual({ Authorization: MASK, 'X-Team': 'a' });
    expect(maskedRequest({ url: 'u', header })).toEqual({
      url: 'u',
      header: { Authorization: MASK, 'X-Team': 'a' },
    });
    expect(maskedRequest({ url: 'u' })).toEqual({ url: 'u' });
  });
});

describe('a mask that is sent back', () => {
  const stored = { url: 'https://a.example/{{pnr}}', header: { Authorization: 'Basic x', 'X-Team': 'a' } };

  it('keeps the stored value of that name, whatever its case', () => {
    const next = { url: 'https://a.example:443/other', header: { authorization: MASK, 'X-Team': 'b' } };
    expect(unmaskRequest(next, stored)).toEqual({
      ...next,
      header: { authorization: 'Basic x', 'X-Team': 'b' },
    });
  });

  it.each([
    'https://b.example/',
    'https://a.example:8443/',
    'http://a.example/',
    'https://a.example.evil.example/',
  ])('is refused for a target at %s', (url) => {
    expect(() => unmaskRequest({ url, header: { Authorization: MASK } }, stored)).toThrow(
      expect.objectContaining({ code: 'SUBSCRIPTION_INVALID', path: 'http_request.header.Authorization' }),
    );
  });

  it('is refused where nothing is stored', () => {
    const next = { url: stored.url, header: { 'X-Api-Key': MASK } };
    expect(() => unmaskRequest(next, stored)).toThrow(
      'http_request.header.X-Api-Key: "********" keeps a value',
    );
    expect(() => unmaskRequest(next, null)).toThrow('give the value itself');
  });

  it('needs nothing of a request without masks', () => {
    const next = { url: 'https://b.example/', header: { Authorization: 'Basic y' } };
    expect(unmaskRequest(next, stored)).toBe(next);
  });
});
