import type { ExecutionContext } from '@nestjs/common';
import { createHmac } from 'node:crypto';
import { SignedAccess } from './signed-access.js';
import { TokenKeys } from './signed-token.js';

const [KEY, NEXT_KEY] = [1, 2].map((byte) => Buffer.alloc(32, byte).toString('base64')) as [string, string];
const SECOND = 1_000;

function context(authorization?: string): ExecutionContext {
  const request = { headers: { ...(authorization !== undefined && { authorization }) } };
  return { switchToHttp: () => ({ getRequest: () => request }) } as unknown as ExecutionContext;
}

describe('signed access', () => {
  let time = 1_700_000_000_000;
  const now = (): number => time;
  const access = new SignedAccess({ current: KEY, now });
  const bearer = (token: string): ExecutionContext => context(`Bearer ${token}`);

  it('lets in for whom a token was issued, for what it allows, until it expires', () => {
    const token = access.issue({ tenant: 'a', actor: 'lucia', actions: ['read'], expiresInSeconds: 60 });
    const caller = access.identify(bearer(token));

    expect(caller).toMatchObject({ tenant: 'a', actor: 'lucia' });
    expect([caller?.can('read'), caller?.can('manage')]).toEqual([true, false]);
    time += 60 * SECOND;
    expect(() => access.identify(bearer(token))).toThrow(/expired/);
  });

  it('makes a token for everything but erasing, if nothing else is said, and one for operators', () => {
    const caller = access.identify(bearer(access.issue({ tenant: null })));

    expect(caller?.tenant).toBeNull();
    expect((['read', 'manage', 'send', 'erase'] as const).map((action) => caller?.can(action))).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });

  it('knows nobody without a header, and says why it does not take one', () => {
    expect(access.identify(context())).toBeNull();
    for (const header of ['', 'Basic YTpi', 'Bearer', 'Bearer a.b', 'Bearer a.b.c']) {
      expect(() => access.identify(context(header))).toThrow(/no bearer token/);
    }
  });

  it('takes tokens of a former key, and those of its own audience only', () => {
    const token = access.issue({ tenant: 'a' });

    expect(
      new SignedAccess({ current: NEXT_KEY, previous: [KEY], now }).identify(bearer(token)),
    ).toMatchObject({ tenant: 'a' });
    expect(() => new SignedAccess({ current: NEXT_KEY, now }).identify(bearer(token))).toThrow(/signature/);
    expect(() => new SignedAccess({ current: KEY, audience: 'b', now }).identify(bearer(token))).toThrow(
      /something else/,
    );
  });

  it('takes no changed claims, and no algorithm that the token chooses', () => {
    const [header, claims, signature] = access.issue({ tenant: 'a' }).split('.') as [string, string, string];
    const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const otherClaims = encoded({
      ...(JSON.parse(Buffer.from(claims, 'base64url').toString()) as object),
      tenant: 'b',
    });
    const none = encoded({ alg: 'none', typ: 'JWT' });
    const other = encoded({ typ: 'JWT', alg: 'HS256' });
    const signed = createHmac('sha256', Buffer.from(KEY, 'base64'))
      .update(`${other}.${claims}`)
      .digest('base64url');

    for (const token of [
      `${header}.${otherClaims}.${signature}`,
      `${none}.${claims}.`,
      `${none}.${claims}.${signature}`,
      `${other}.${claims}.${signed}`,
    ]) {
      expect(() => access.identify(bearer(token))).toThrow(/signature/);
    }
  });

  it.each([
    ['tenant', undefined],
    ['tenant', ''],
    ['tenant', '*'],
    ['tenant', 7],
    ['actions', undefined],
    ['actions', 'read'],
    ['exp', undefined],
    ['exp', 'tomorrow'],
    ['sub', { name: 'lucia' }],
  ])('takes no token whose "%s" is %j, whoever signed it with the key', (claim, value) => {
    const whole = { aud: 'webhooks', exp: now() / SECOND + 60, tenant: 'a', actions: ['read'] };
    const keys = new TokenKeys(KEY, []);

    expect(access.identify(bearer(keys.sign(whole)))).toMatchObject({ tenant: 'a' });
    expect(() => access.identify(bearer(keys.sign({ ...whole, [claim]: value })))).toThrow(/claims/);
  });

  it('takes no claims that are none', () => {
    for (const claims of [null, 'operator', 7]) {
      const token = new TokenKeys(KEY, []).sign(claims as never);
      expect(() => access.identify(bearer(token))).toThrow(/claims/);
    }
  });

  it.each([
    [{ tenant: undefined }, /"tenant"/],
    [{ tenant: '' }, /"tenant"/],
    [{ tenant: '*' }, /"tenant"/],
    [{ tenant: 'a', actions: ['write'] }, /no action "write"/],
    [{ tenant: 'a', expiresInSeconds: 0 }, /expiresInSeconds/],
    [{ tenant: 'a', expiresInSeconds: 31 * 86_400 }, /expiresInSeconds/],
  ])('issues no token for %j', (request, message) => {
    expect(() => access.issue(request as never)).toThrow(message);
  });

  it('refuses a key that is too short, and does not repeat it', () => {
    expect(() => new SignedAccess({ current: 'c2hvcnQ=' })).toThrow(
      /"current" must be at least 32 random bytes/,
    );
    expect(() => new SignedAccess({ current: KEY, previous: [undefined as never] })).toThrow(
      /"previous\[0\]"/,
    );
  });
});
