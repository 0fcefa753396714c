import { MASK } from './mask.js';

/**
 * How requests log in to the receiver, beside their signature: HTTP Basic (RFC 7617), a bearer token (RFC 6750), or a
 * header of the receiver's own. Stored encrypted; shown with `********`.
 */
export type Authentication =
  | { readonly type: 'basic'; readonly username: string; readonly password: string }
  | { readonly type: 'bearer'; readonly token: string }
  | { readonly type: 'header'; readonly name: string; readonly value: string };

/** The member of each kind that must not be shown. */
export const SECRET_MEMBER = { basic: 'password', bearer: 'token', header: 'value' } as const;

/** The header that it sends: its name in lower case, and its value. */
export function authenticationHeader(authentication: Authentication): readonly [name: string, value: string] {
  switch (authentication.type) {
    case 'basic': {
      const { username, password } = authentication;
      return ['authorization', `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`];
    }
    case 'bearer':
      return ['authorization', `Bearer ${authentication.token}`];
    case 'header':
      return [authentication.name.toLowerCase(), authentication.value];
  }
}

/** The authentication as it may be shown. */
export function maskedAuthentication(authentication: Authentication): Authentication {
  return { ...authentication, [SECRET_MEMBER[authentication.type]]: MASK };
}

/** The texts that must not be shown. */
export function secretsOfAuthentication(authentication: Authentication): readonly string[] {
  const [, value] = authenticationHeader(authentication);
  switch (authentication.type) {
    case 'basic':
      return [authentication.password, value.slice('Basic '.length)];
    case 'bearer':
      return [authentication.token];
    case 'header':
      return [value];
  }
}
