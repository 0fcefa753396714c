export { EventCatalog } from './catalog/event-catalog.service.js';
export type { Class } from './catalog/event-class.js';
export type { Deprecation, WebhookEventOptions, WebhookFieldOptions } from './catalog/event-options.js';
export type { EventField, EventType } from './catalog/event-type.js';
export { WebhookEvent } from './catalog/webhook-event.decorator.js';
export { WebhookField } from './catalog/webhook-field.decorator.js';
export type { EventIssue } from './errors/event-invalid-error.js';
export { EventInvalidError } from './errors/event-invalid-error.js';
export { IdempotencyConflictError } from './errors/idempotency-conflict-error.js';
export { RateLimitedError } from './errors/rate-limited-error.js';
export type { SubscriptionIssue } from './errors/subscription-invalid-error.js';
export { SubscriptionInvalidError } from './errors/subscription-invalid-error.js';
export { SubscriptionNotFoundError } from './errors/subscription-not-found-error.js';
export type { TemplateErrorCode } from './errors/template-error.js';
export { TemplateError } from './errors/template-error.js';
export { WebhooksError } from './errors/webhooks-error.js';
export type { QueryIssue } from './errors/query-invalid-error.js';
export { DeliveriesService } from './history/deliveries.service.js';
export type { DeliveryQuery, ResendOptions, StatusClass } from './history/delivery-query.js';
export type {
  Backlog,
  DeliveryCounts,
  DeliveryStats,
  StatsBucket,
  StatsQuery,
  SubscriptionStats,
} from './history/delivery-stats.js';
export type {
  AttemptView,
  DeliveryDetail,
  DeliveryPage,
  DeliveryView,
  ReceivedResponse,
  SentRequest,
} from './history/delivery-view.js';
export type { EventQuery } from './history/event-query.js';
export type { EventDetail, EventPage, EventView } from './history/event-view.js';
export type { Erasure } from './history/erasures.service.js';
export { EventsService } from './history/events.service.js';
export type {
  JobKind,
  JobPage,
  JobQuery,
  JobState,
  JobView,
  RecoverInput,
  ReplayInput,
} from './history/job.js';
export { JobsService } from './history/jobs.service.js';
export type { RetentionSweep } from './history/retention.sweeper.js';
export type { Timer } from './internal/clock.js';
export { Clock } from './internal/clock.js';
export type { JsonSchema } from './internal/json-schema.js';
export type { DeliveryState } from './dispatch/delivery.js';
export { ALL_TENANTS } from './internal/tenants.js';
export type { Emission, EmitsWebhookOptions } from './publishing/emits-webhook.decorator.js';
export { EmitsWebhook } from './publishing/emits-webhook.decorator.js';
export type { Publication, PublishedEvent, PublishOptions } from './publishing/publish-options.js';
export type { EventMapper } from './publishing/webhook-mapper.decorator.js';
export { WebhookMapper } from './publishing/webhook-mapper.decorator.js';
export { WebhooksService } from './publishing/webhooks.service.js';
export type { StopScope } from './publishing/stop-scope.js';
export type { BuildContext, Built } from './scheduling/builds-webhook.decorator.js';
export { BuildsWebhook } from './scheduling/builds-webhook.decorator.js';
export type { ScheduleState } from './scheduling/schedule.js';
export type { ScheduleOptions, ScheduleQuery, ScheduleView } from './scheduling/schedule-options.js';
export { verify } from './signing/verify.js';
export { SerialDataSource } from './storage/serial.data-source.js';
export type { WebhooksTableOptions } from './storage/webhooks.migrations.js';
export { webhooksMigrations, webhooksMigrationSql } from './storage/webhooks.migrations.js';
export type {
  LifecycleEvent,
  LifecycleName,
  ScheduleFailedEvent,
} from './subscriptions/lifecycle.service.js';
export type { BrokenTemplate } from './subscriptions/broken-templates.js';
export type { ContentFilter, FilterOperators, FilterValue } from './subscriptions/content/content-filter.js';
export type { SubscriptionInput, SubscriptionPatch } from './subscriptions/subscription-input.js';
export type { CreatedSubscription, SecretView, SubscriptionView } from './subscriptions/subscription-view.js';
export type { Authentication } from './subscriptions/authentication.js';
export type { RotationOptions } from './subscriptions/parse-rotation.js';
export type { PublicKey, Reencryption } from './subscriptions/secrets.service.js';
export { SecretsService } from './subscriptions/secrets.service.js';
export type { SignatureScheme } from './subscriptions/signing-keys.js';
export type { ChangePage, ChangeView } from './subscriptions/change-view.js';
export type { ChangesQuery } from './subscriptions/list-query.js';
export type { Author, ChangeAction, MemberChange } from './subscriptions/subscription-change.js';
export type { ChangeScope, MoveScope, TenantScope } from './subscriptions/subscription.editor.js';
export type { SubscriptionPage } from './subscriptions/subscriptions.service.js';
export { SubscriptionsService } from './subscriptions/subscriptions.service.js';
export type {
  ParseOptions,
  RenderedRequest,
  RenderedTarget,
  RenderOptions,
} from './templates/request-template.js';
export { RequestTemplate } from './templates/request-template.js';
export { EgressGuard } from './transport/egress-guard.js';
export type { OutboundRequest, TransportResult } from './transport/webhook.transport.js';
export { WebhookTransport } from './transport/webhook.transport.js';
export type { TransportErrorCode } from './transport/transport-errors.js';
export type {
  Preview,
  PreviewedRequest,
  PreviewInput,
  PreviewProblem,
  PreviewResult,
  TrialEvent,
} from './trials/preview.js';
export type { TestSend } from './trials/test-sends.service.js';
export { TrialsService } from './trials/trials.service.js';
export type { WebhooksModuleAsyncOptions } from './webhooks.module.js';
export { WebhooksModule } from './webhooks.module.js';
export type {
  DeliveryOptions,
  EgressOptions,
  EgressProxyOptions,
  HealthOptions,
  LimitOptions,
  RetentionOptions,
  SecretKeys,
  WebhooksModuleOptions,
  WebhooksOptions,
  WebhooksStructure,
} from './webhooks.options.js';
