export type { WebhooksHealthOptions } from './webhooks.health-indicator.js';
export { WebhooksHealthIndicator } from './webhooks.health-indicator.js';
