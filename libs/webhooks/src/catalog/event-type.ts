import type { EventIssue } from '../errors/event-invalid-error.js';
import { EventInvalidError } from '../errors/event-invalid-error.js';
import type { JsonSchema } from '../internal/json-schema.js';
import { withoutPrototype } from '../internal/without-prototype.js';
import type { Class } from './event-class.js';
import type { Deprecation, WebhookEventOptions } from './event-options.js';

/** One field of an event type, as `@WebhookField` and the validators describe it. */
export interface EventField {
  readonly name: string;
  /** Other names under which templates may read it. */
  readonly aliases: readonly string[];
  /** Empty if the host gave none. */
  readonly description: string;
  readonly deprecated: Deprecation | null;
  /** Null is one of its values. */
  readonly nullable: boolean;
  /** It is present in every event. */
  readonly required: boolean;
  /** As in the event type's schema; may refer to its `$defs`. */
  readonly schema: JsonSchema;
}

/** What an event type is made of. */
export interface EventTypeParts {
  readonly name: string;
  readonly options: WebhookEventOptions<never>;
  readonly eventClass: Class;
  readonly fields: readonly EventField[];
  readonly schema: JsonSchema;
  readonly sample: Record<string, unknown>;
  /** Everything that is wrong with an instance of the event class. */
  readonly issuesOf: (event: object) => readonly EventIssue[];
}

/** An entry of the catalog: one decorated class. */
export class EventType {
  /** How subscribers ask for it. */
  readonly name: string;
  /** Other names for the same. */
  readonly aliases: readonly string[];
  /** Empty if the host gave none. */
  readonly description: string;
  readonly version: number;
  readonly deprecated: Deprecation | null;
  /** The fields of the class and its base classes, without the envelope. */
  readonly fields: readonly EventField[];
  readonly eventClass: Class;
  /** JSON Schema 2020-12 of the `data` that a subscriber receives: the fields and the envelope. */
  readonly schema: JsonSchema;
  /** `data` as a subscriber would receive it, made of the examples. Valid by the schema; not to be changed. */
  readonly sample: Record<string, unknown>;
  private readonly options: WebhookEventOptions<never>;
  private readonly issuesOf: (event: object) => readonly EventIssue[];

  constructor({ name, options, eventClass, fields, schema, sample, issuesOf }: EventTypeParts) {
    this.name = name;
    this.aliases = options.aliases ?? [];
    this.description = options.description ?? '';
    this.version = options.version ?? 1;
    this.deprecated = options.deprecated ?? null;
    this.fields = fields;
    this.eventClass = eventClass;
    this.schema = schema;
    this.sample = sample;
    this.options = withoutPrototype(options);
    this.issuesOf = issuesOf;
  }

  /**
   * Judges an event by the validators of its class. Properties the class does not know are let through.
   *
   * @throws EventInvalidError naming every field that is wrong, or because the event is no instance of the class
   */
  validate(event: object): void {
    const issues = event instanceof this.eventClass ? this.issuesOf(event) : [this.strangerIssue(event)];
    if (issues.length > 0) throw new EventInvalidError(this.name, issues);
  }

  /** What the event is about, for its sequence; null without a subject. */
  subjectOf(event: object): string | null {
    return this.options.subject?.(event as never) ?? null;
  }

  /** Whose event it is; undefined if the class does not say. */
  tenantOf(event: object): string | undefined {
    return this.options.tenant?.(event as never);
  }

  private strangerIssue(event: unknown): EventIssue {
    const { name } = this.eventClass;
    const given = event instanceof Object ? event.constructor.name : event === null ? 'null' : typeof event;
    const what = given === 'Object' ? 'a plain object' : given;
    return {
      path: '',
      message: `it is ${what} and must be an instance of ${name}, which carries the validators`,
    };
  }
}
