import type { ExecutionContext } from '@nestjs/common';

/**
 * What a caller may do. `read`: look at everything of his, and preview. `manage`: make, change and delete subscriptions, their
 * states and secrets. `send`: have something sent, again or as a test, or stop it. `erase`: delete payloads for good.
 */
export const WEBHOOKS_ACTIONS = ['read', 'manage', 'send', 'erase'] as const;

/** One of {@link WEBHOOKS_ACTIONS}. */
export type WebhooksAction = (typeof WEBHOOKS_ACTIONS)[number];

/** On whose behalf a request is made. */
export interface WebhooksCaller {
  /**
   * Whose subscriptions, events and deliveries he sees. Null: an operator, who sees every tenant's. Nothing else makes one: a caller
   * whose tenant is undefined or empty is a fault of the access, and is not let in.
   */
  readonly tenant: string | null;
  /** Who it is, for the record of changes: `lucia@nube.example`. */
  readonly actor?: string | undefined;
  /** Only `true` lets him do it. A promise is a fault of the access, and lets nobody in: find out what it takes in `identify`. */
  can(action: WebhooksAction): boolean;
}

/** How callers prove who they are, as OpenAPI says it. */
export type SecurityScheme =
  | { readonly type: 'http'; readonly scheme: string; readonly bearerFormat?: string }
  | { readonly type: 'apiKey'; readonly in: 'header' | 'cookie'; readonly name: string };

/**
 * Decides who may use the API. There is no default: without one the application does not boot.
 *
 * @example
 * class PortalAccess extends WebhooksAccess {
 *   identify(context: ExecutionContext): WebhooksCaller | null {
 *     const { user } = context.switchToHttp().getRequest<{ user?: User }>();
 *     return user ? { tenant: user.company, actor: user.email, can: (action) => user.isAdmin || action === 'read' } : null;
 *   }
 * }
 */
export abstract class WebhooksAccess {
  /** For the OpenAPI document, and for the `WWW-Authenticate` of an answer 401. @default a bearer token */
  readonly scheme: SecurityScheme = { type: 'http', scheme: 'bearer' };

  /**
   * Who makes the request; null for a stranger, who gets 401. An `UnauthorizedException` does the same and says why. It runs
   * before the request's query and body are looked at.
   */
  abstract identify(context: ExecutionContext): WebhooksCaller | null | Promise<WebhooksCaller | null>;
}
