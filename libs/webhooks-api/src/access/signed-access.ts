import type { ExecutionContext } from '@nestjs/common';
import { AccessInvalidError } from '../problems/access-invalid-error.js';
import { TokenRefusedError } from '../problems/token-refused-error.js';
import { isCallerTenant } from './caller-tenant.js';
import { TokenKeys } from './signed-token.js';
import { WEBHOOKS_ACTIONS, WebhooksAccess } from './webhooks-access.js';
import type { WebhooksAction, WebhooksCaller } from './webhooks-access.js';

/** What {@link SignedAccess} is made of. */
export interface SignedAccessOptions {
  /** Signs new tokens: at least 32 random bytes in base64. */
  readonly current: string;
  /** Keys whose tokens are still good: a former `current`, until its last token has expired. @default [] */
  readonly previous?: readonly string[];
  /** What the tokens are for; those of another audience are refused. @default 'webhooks' */
  readonly audience?: string;
  /** Epoch milliseconds. @default Date.now */
  readonly now?: () => number;
}

/** For whom a token is. */
export interface TokenRequest {
  /** `null`: an operator's token, good for every tenant. */
  readonly tenant: string | null;
  /** Who will use it, for the record of changes. @default nobody in particular */
  readonly actor?: string;
  /** @default ['read', 'manage', 'send'] */
  readonly actions?: readonly WebhooksAction[];
  /** From 1 second to 30 days. @default 900 */
  readonly expiresInSeconds?: number;
}

interface Claims {
  readonly aud: string;
  readonly exp: number;
  readonly tenant: string | null;
  readonly actions: readonly WebhooksAction[];
  readonly sub?: string;
}

const MAX_SECONDS = 30 * 86_400;
const BEARER = /^Bearer +(\S+)$/i;
const USUAL_ACTIONS: readonly WebhooksAction[] = ['read', 'manage', 'send'];

/**
 * Lets in who shows a signed, expiring bearer token that the host has issued: for portals and partners.
 *
 * @example
 * const access = new SignedAccess({ current: process.env.WEBHOOKS_TOKEN_KEY! });
 * WebhooksApiModule.register({ access });
 * const token = access.issue({ tenant: 'nube-travel', actions: ['read'], expiresInSeconds: 600 });
 */
export class SignedAccess extends WebhooksAccess {
  override readonly scheme = { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } as const;
  readonly #keys: TokenKeys;
  readonly #audience: string;
  readonly #now: () => number;

  /** @throws AccessInvalidError for a key that is none */
  constructor({ current, previous = [], audience = 'webhooks', now = Date.now }: SignedAccessOptions) {
    super();
    this.#keys = new TokenKeys(current, previous);
    this.#audience = audience;
    this.#now = now;
  }

  /**
   * A token for a tenant, to be sent as `Authorization: Bearer …`.
   *
   * @throws AccessInvalidError for a tenant, an action or a time that cannot be
   */
  issue({ tenant, actor, actions = USUAL_ACTIONS, expiresInSeconds = 900 }: TokenRequest): string {
    checkTenant(tenant);
    checkActions(actions);
    checkLife(expiresInSeconds);
    const iat = Math.floor(this.#now() / 1_000);
    const exp = iat + expiresInSeconds;
    return this.#keys.sign({ aud: this.#audience, iat, exp, tenant, actions, sub: actor });
  }

  /** @throws TokenRefusedError when there is a token, and it does not let anybody in */
  identify(context: ExecutionContext): WebhooksCaller | null {
    const { headers } = context.switchToHttp().getRequest<{ headers: { authorization?: string } }>();
    if (headers.authorization === undefined) return null;
    const { tenant, actions, sub } = this.claimsOf(headers.authorization);
    return { tenant, actor: sub, can: (action) => actions.includes(action) };
  }

  private claimsOf(authorization: string): Claims {
    const [, token = ''] = BEARER.exec(authorization) ?? [];
    const claims = this.#keys.open(token);
    if (claims === undefined) throw new TokenRefusedError('It is no bearer token with a signature of ours.');
    if (!isWhole(claims)) throw new TokenRefusedError('Its claims are not those of a token of ours.');
    if (claims.aud !== this.#audience) throw new TokenRefusedError('It was issued for something else.');
    if (claims.exp * 1_000 <= this.#now()) throw new TokenRefusedError('It has expired: ask for a new one.');
    return claims;
  }
}

// Others may sign with the same key: without `exp` theirs would never end, without `tenant` it would be nobody's.
function isWhole(claims: unknown): claims is Claims {
  if (typeof claims !== 'object' || claims === null) return false;
  const { exp, tenant, actions, sub } = claims as Partial<Record<keyof Claims, unknown>>;
  const isNamed = sub === undefined || typeof sub === 'string';
  return isNamed && Number.isFinite(exp) && isCallerTenant(tenant) && Array.isArray(actions);
}

function checkTenant(tenant: unknown): void {
  if (isCallerTenant(tenant)) return;
  throw new AccessInvalidError(
    '"tenant" must be the name of one; null makes a token that is good for every tenant.',
  );
}

function checkActions(actions: readonly WebhooksAction[]): void {
  const strange = actions.find((action) => !WEBHOOKS_ACTIONS.includes(action));
  if (strange === undefined) return;
  throw new AccessInvalidError(`There is no action "${strange}"; there is ${WEBHOOKS_ACTIONS.join(', ')}.`);
}

function checkLife(seconds: number): void {
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= MAX_SECONDS) return;
  throw new AccessInvalidError(`"expiresInSeconds" must be a whole number from 1 to ${MAX_SECONDS}.`);
}
