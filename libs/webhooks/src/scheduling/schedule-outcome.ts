import { CatalogError } from '../errors/catalog-error.js';
import { EventInvalidError } from '../errors/event-invalid-error.js';
import { EventTooLargeError } from '../errors/event-too-large-error.js';
import { TenantRequiredError } from '../errors/tenant-required-error.js';
import { UnknownEventTypeError } from '../errors/unknown-event-type-error.js';
import { WebhooksError } from '../errors/webhooks-error.js';

/**
 * The schedule is not what was claimed any more: moved, taken back, erased, or another process has it. Undoes the try; on record
 * it can only come when the builder itself did that, whose change is undone with the try.
 */
export class ScheduleMoved extends WebhooksError {
  readonly code = 'SCHEDULE_MOVED';

  constructor(builder: string) {
    super(
      `The schedule was changed while ${builder} built its event: a builder cannot move or take back its own key.`,
    );
  }
}

const FINAL = [
  CatalogError,
  EventInvalidError,
  EventTooLargeError,
  ScheduleMoved,
  TenantRequiredError,
  UnknownEventTypeError,
];

/** The builder gave something that can never be published: asking again would only give it again. */
export function isFinal(error: unknown): boolean {
  return FINAL.some((kind) => error instanceof kind);
}
