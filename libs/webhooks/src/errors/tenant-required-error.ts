import { WebhooksError } from './webhooks-error.js';

/** An event names no tenant although there are subscriptions of tenants; nothing was written. */
export class TenantRequiredError extends WebhooksError {
  readonly code = 'TENANT_REQUIRED';

  constructor(readonly eventType: string) {
    super(
      `${eventType} names no tenant, and there are subscriptions that belong to one: publish it with { tenant }, ` +
        `give its class a "tenant" option, or say { tenant: ALL_TENANTS } if it is for everybody.`,
    );
  }
}
