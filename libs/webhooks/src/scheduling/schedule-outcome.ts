import { CatalogError } from '../errors/catalog-error.js';
import { EventInvalidError } from '../errors/event-invalid-error.js';
import { EventTooLargeError } from '../errors/event-too-large-error.js';
import { TenantRequiredError } from '../errors/tenant-required-error.js';
import { UnknownEventTypeError } from '../errors/unknown-event-type-error.js';

/** The schedule is not what was claimed any more: moved, taken back, erased, or another process has it. Undoes the try. */
export class ScheduleMoved extends Error {}

const FINAL = [
  CatalogError,
  EventInvalidError,
  EventTooLargeError,
  TenantRequiredError,
  UnknownEventTypeError,
];

/** The builder gave something that can never be published: asking again would only give it again. */
export function isFinal(error: unknown): boolean {
  return FINAL.some((kind) => error instanceof kind);
}
