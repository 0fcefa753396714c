import type { Provider } from '@nestjs/common';
import { AccessInvalidError } from '../problems/access-invalid-error.js';
import type { WebhooksApiOptions } from '../webhooks-api.options.js';
import { WebhooksAccess } from './webhooks-access.js';

const MISSING =
  'WebhooksApiModule.register() needs "access", which says who may use the API: give a class that extends WebhooksAccess, ' +
  'an instance of one (new SignedAccess({ current: process.env.WEBHOOKS_TOKEN_KEY })), or { inject, useFactory } for one. ' +
  'There is no default: it would be open to everybody, or to nobody.';

/** @throws AccessInvalidError when there is none */
export function accessProvider({ access }: Partial<WebhooksApiOptions>): Provider {
  if (typeof access === 'function') return { provide: WebhooksAccess, useClass: access };
  if (access && 'useFactory' in access) {
    const { inject = [], useFactory } = access;
    const made = async (...parts: unknown[]): Promise<WebhooksAccess> => checked(await useFactory(...parts));
    return { provide: WebhooksAccess, inject, useFactory: made };
  }
  return { provide: WebhooksAccess, useValue: checked(access) };
}

function checked(access: WebhooksAccess | undefined): WebhooksAccess {
  if (typeof access?.identify === 'function') return access;
  throw new AccessInvalidError(MISSING);
}
