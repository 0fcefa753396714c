import type { Class } from './event-class.js';
import type { WebhookEventOptions, WebhookFieldOptions } from './event-options.js';

/** What a validator is told about the value it judges. */
export interface RuleArguments {
  readonly targetName: string;
  readonly property: string;
  readonly object: object;
  readonly value: unknown;
  readonly constraints: unknown[];
}

/** The function behind a validator. */
export interface Judge {
  validate(value: unknown, args: RuleArguments): unknown;
}

/** Whether the validators of a property have a say about this value of this object. */
export type Condition = (object: object, value: unknown) => boolean;

/** One validator on a property. */
export interface ValidationRule {
  /** class-validator's name, e.g. `isString`; empty for a host's own class of validator. */
  readonly name: string;
  readonly constraints: readonly unknown[];
  /** It judges the elements of an array instead of the value. */
  readonly each: boolean;
  readonly validateIf: Condition | null;
  /** Looked up at each use, because a host's own validators may come from its container. */
  readonly judges: readonly (() => Judge)[];
}

/** Everything the decorators say about one property, those of base classes included. */
export interface FieldMetadata {
  readonly name: string;
  readonly options: WebhookFieldOptions;
  readonly rules: readonly ValidationRule[];
  readonly conditions: readonly Condition[];
  /** `single` or `each` when the validators of the nested class run too. */
  readonly nested: 'single' | 'each' | null;
  /** The validators wait for a promise: only class-validator itself can judge that. */
  readonly awaited: boolean;
  /** The type that the compiler wrote beside the property: `String`, `Array`, …; `Object` for unions. */
  readonly declaredType: unknown;
  /** The conditions let null pass: `nullable`, and `@IsOptional()` too. */
  readonly nullable: boolean;
  /** The conditions let the field be absent. */
  readonly optional: boolean;
  /** No condition of the host's decides about the field, so an event without it is never valid. */
  readonly unconditional: boolean;
}

/** Everything the decorators say about one class. */
export interface ClassMetadata {
  readonly eventClass: Class;
  /** What `@WebhookEvent` said on this very class; null without it. */
  readonly event: { readonly name: string; readonly options: WebhookEventOptions<never> } | null;
  readonly fields: readonly FieldMetadata[];
  /** class-validator knows the class; it refuses objects of any other. */
  readonly hasValidators: boolean;
}

/** How the rest of the catalog gets at the decorators' notes. */
export type ReadClass = (eventClass: Class) => ClassMetadata;
