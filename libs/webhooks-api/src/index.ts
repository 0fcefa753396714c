export { SignedAccess, type SignedAccessOptions, type TokenRequest } from './access/signed-access.js';
export {
  WEBHOOKS_ACTIONS,
  WebhooksAccess,
  type SecurityScheme,
  type WebhooksAction,
  type WebhooksCaller,
} from './access/webhooks-access.js';
export { WebhooksApiModule } from './webhooks-api.module.js';
export type { AccessFactory, WebhooksApiOptions } from './webhooks-api.options.js';
export type { EventFieldView, EventTypeView } from './event-types/event-type.model.js';
export type { Problem, ProblemIssue } from './problems/problem.model.js';
