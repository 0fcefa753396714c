import { WebhooksError } from './webhooks-error.js';

/** The event classes contradict each other or cannot be described. Thrown while the application boots. */
export class CatalogError extends WebhooksError {
  readonly code = 'CATALOG_INVALID';
}
