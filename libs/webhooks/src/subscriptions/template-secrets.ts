import { SubscriptionInvalidError } from '../errors/subscription-invalid-error.js';
import type { SecretValues } from '../templates/rendering.js';
import type { Authentication } from './authentication.js';
import { SECRET_MEMBER } from './authentication.js';
import { MASK } from './mask.js';
import { haveSameOrigin, maskRefusal } from './secret-headers.js';
import type { HttpRequest } from './subscription.js';

/** What holds secrets for a target. */
export interface SecretHolder {
  readonly httpRequest: HttpRequest;
  readonly templateSecrets: SecretValues;
  readonly authentication: Authentication | null;
}

/** The secrets as they may be shown: their names. */
export function maskedSecrets(secrets: SecretValues): Record<string, typeof MASK> {
  return Object.fromEntries(Object.keys(secrets).map((name) => [name, MASK]));
}

/**
 * Puts the stored values in the place of masks. A target on another origin gets none of them, read by its template or
 * not: an editor could let the template read them with his next update.
 *
 * @param previous what is stored; null for a new subscription
 * @throws SubscriptionInvalidError at `template_secrets.…`
 */
export function unmaskSecrets(
  { httpRequest, templateSecrets }: Omit<SecretHolder, 'authentication'>,
  previous: Omit<SecretHolder, 'authentication'> | null,
): SecretValues {
  const entries = Object.entries(templateSecrets);
  if (entries.every(([, value]) => value !== MASK)) return templateSecrets;
  const stored = new Map(Object.entries(previous?.templateSecrets ?? {}));
  const sameOrigin = previous !== null && haveSameOrigin(previous.httpRequest, httpRequest);
  const refused = entries.filter(([name, value]) => value === MASK && !(sameOrigin && stored.has(name)));
  const [first, ...more] = refused.map(([name]) =>
    maskRefusal(`template_secrets.${name}`, !stored.has(name), 'remove it with null'),
  );
  if (first) throw new SubscriptionInvalidError([first, ...more]);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, value === MASK ? stored.get(name)! : value]),
  );
}

/**
 * Puts the stored value in the place of a mask. A target on another origin does not get it.
 *
 * @param previous what is stored; null for a new subscription
 * @throws SubscriptionInvalidError at `authentication.…`
 */
export function unmaskAuthentication(
  { httpRequest, authentication }: Omit<SecretHolder, 'templateSecrets'>,
  previous: SecretHolder | null,
): Authentication | null {
  if (authentication === null) return null;
  const member = SECRET_MEMBER[authentication.type];
  if (secretOf(authentication) !== MASK) return authentication;
  const stored = previous?.authentication;
  const isKnown = stored?.type === authentication.type;
  if (isKnown && haveSameOrigin(previous!.httpRequest, httpRequest))
    return { ...authentication, [member]: secretOf(stored) };
  throw new SubscriptionInvalidError([
    maskRefusal(`authentication.${member}`, !isKnown, 'remove it with null'),
  ]);
}

function secretOf(authentication: Authentication): unknown {
  return (authentication as unknown as Record<string, unknown>)[SECRET_MEMBER[authentication.type]];
}
