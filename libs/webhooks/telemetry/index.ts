export type { WebhooksTelemetryOptions } from './telemetry.options.js';
export { WebhooksTelemetryModule } from './webhooks-telemetry.module.js';
