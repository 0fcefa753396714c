import 'reflect-metadata';
import { getMetadataStorage, ValidationTypes } from 'class-validator';
import type { ClassMetadata, Condition, FieldMetadata, Judge, ValidationRule } from './class-metadata.js';
import type { Class } from './event-class.js';
import type { WebhookFieldOptions } from './event-options.js';
import { EVENT_METADATA, FIELDS_METADATA } from './metadata-keys.js';
import { evenIfNull, unlessNull } from './null-conditions.js';

type Validation = ReturnType<ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas']>[number];
type Constraint = ReturnType<ReturnType<typeof getMetadataStorage>['getTargetValidatorConstraints']>[number];

function fieldOptions(eventClass: Class): Map<string, WebhookFieldOptions> {
  const base: unknown = Object.getPrototypeOf(eventClass);
  const fields =
    typeof base === 'function' && base !== Function.prototype ? fieldOptions(base) : new Map<string, never>();
  const own = Reflect.getOwnMetadata(FIELDS_METADATA, eventClass) as typeof fields | undefined;
  for (const [name, options] of own ?? []) fields.set(name, { ...fields.get(name), ...options });
  return fields;
}

// Validators written as functions are wrapped in a class of this name and never come from a container. Looking them
// up is what class-validator spends most time on: its default container searches a list of all validators in use.
function judgeOf(constraint: Constraint): () => Judge {
  if (constraint.target.name !== 'CustomConstraint') return () => constraint.instance as Judge;
  let found: Judge | undefined;
  return () => (found ??= constraint.instance as Judge);
}

function ruleOf(validation: Validation): ValidationRule {
  const constraints = getMetadataStorage().getTargetValidatorConstraints(validation.constraintCls);
  return {
    name: validation.name ?? '',
    constraints: (validation.constraints as unknown[] | undefined) ?? [],
    each: Boolean(validation.each),
    validateIf: (validation.validateIf as Condition | undefined) ?? null,
    judges: constraints.filter((constraint) => !constraint.async).map(judgeOf),
  };
}

/** Asks the conditions what they think of a value, in an otherwise empty object. */
function skips(conditions: readonly Condition[], property: string, value: unknown): boolean {
  return conditions.some((condition) => {
    try {
      return !condition({ [property]: value }, value);
    } catch {
      return false; // it looks deeper into the object: unknown until there is one
    }
  });
}

function fieldOf(
  eventClass: Class,
  name: string,
  options: WebhookFieldOptions,
  validations: readonly Validation[],
): FieldMetadata {
  const ofType = (...types: string[]) => validations.filter(({ type }) => types.includes(type));
  const nested = ofType(ValidationTypes.NESTED_VALIDATION);
  const conditions = ofType(ValidationTypes.CONDITIONAL_VALIDATION).map(
    ({ constraints }) => constraints[0] as Condition,
  );
  return {
    name,
    options,
    rules: ofType(ValidationTypes.IS_DEFINED, ValidationTypes.CUSTOM_VALIDATION).map(ruleOf),
    conditions,
    nested: nested.length === 0 ? null : nested.some(({ each }) => each) ? 'each' : 'single',
    awaited: ofType(ValidationTypes.PROMISE_VALIDATION).length > 0,
    declaredType: Reflect.getMetadata('design:type', eventClass.prototype, name) as unknown,
    nullable: skips(conditions, name, null),
    optional: skips(conditions, name, undefined),
    unconditional: conditions.every((condition) => condition === unlessNull || condition === evenIfNull),
  };
}

/** The only reader of what decorators wrote, ours and class-validator's. */
export function readClass(eventClass: Class): ClassMetadata {
  const options = fieldOptions(eventClass);
  const validations = getMetadataStorage().getTargetValidationMetadatas(eventClass, '', false, false);
  const names = new Set([...options.keys(), ...validations.map(({ propertyName }) => propertyName)]);
  return {
    eventClass,
    event: (Reflect.getOwnMetadata(EVENT_METADATA, eventClass) as ClassMetadata['event'] | undefined) ?? null,
    fields: [...names].map((name) => {
      const own = validations.filter(({ propertyName }) => propertyName === name);
      return fieldOf(eventClass, name, options.get(name) ?? {}, own);
    }),
    hasValidators: validations.length > 0,
  };
}
