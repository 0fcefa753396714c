import type { Class } from './event-class.js';

/** A mark for something that still works and should no longer be used. */
export interface Deprecation {
  /** Version or date from which on it is deprecated, as the host counts. */
  readonly since: string;
  /** Name of the event type or field to use instead. */
  readonly replacedBy?: string;
}

/** What `@WebhookEvent` takes beside the name. */
export interface WebhookEventOptions<T extends object = Record<string, unknown>> {
  /**
   * For subscribers: when the event happens.
   * @default ''
   */
  readonly description?: string;
  /**
   * Other names under which a subscription may ask for it. Unique in the catalog, like names.
   * @default []
   */
  readonly aliases?: readonly string[];
  /**
   * Version of the payload; arrives as `catalog_version`.
   * @default 1
   */
  readonly version?: number;
  /**
   * Still sent, and marked in schema and documentation.
   * @default none
   */
  readonly deprecated?: Deprecation;
  /**
   * What the event is about, e.g. `order:AGW-1`: events of one subject are numbered without gaps.
   * @default no subject
   */
  readonly subject?: (event: T) => string | null;
  /**
   * Whose event it is. A tenant given to `publish` wins.
   * @default no tenant
   */
  readonly tenant?: (event: T) => string | undefined;
}

/** What `@WebhookField` takes. */
export interface WebhookFieldOptions {
  /**
   * For subscribers: what the value means, with its unit.
   * @default ''
   */
  readonly description?: string;
  /**
   * A real-looking value: documentation, samples and test sends show it.
   * @default a value that fits the validators
   */
  readonly example?: unknown;
  /**
   * Null is a value of this field: the schema says so, and the field's validators are skipped for null.
   * @default what the base class says, else false
   */
  readonly nullable?: boolean;
  /**
   * Other names under which templates may read the field.
   * @default []
   */
  readonly aliases?: readonly string[];
  /**
   * Still sent, and marked in schema and documentation.
   * @default none
   */
  readonly deprecated?: Deprecation;
  /**
   * Class of a nested object, or of the elements of an array.
   * @default none
   */
  readonly type?: () => Class;
}
