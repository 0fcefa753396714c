import { validateSync } from 'class-validator';
import type { ValidationError } from 'class-validator';
import type { EventIssue } from '../errors/event-invalid-error.js';
import type { FieldMetadata } from './class-metadata.js';
import { readClass } from './class-metadata.accessor.js';
import { CompiledCheck } from './compiled-check.js';
import type { Class } from './event-class.js';

const UNKNOWN_VALUE = 'unknownValue';

function fieldsOf(object: object): readonly FieldMetadata[] {
  return typeof object.constructor === 'function' ? readClass(object.constructor as Class).fields : [];
}

function join(path: string, property: string, owner: unknown): string {
  if (Array.isArray(owner)) return `${path}[${property}]`;
  return path ? `${path}.${property}` : property;
}

function expectedClass(error: ValidationError, inherited: string): string {
  if (Array.isArray(error.target)) return inherited;
  const field = fieldsOf(error.target ?? {}).find(({ name }) => name === error.property);
  return field?.options.type?.().name ?? inherited;
}

/** class-validator's tree of errors as a list with paths. */
function flatten(errors: readonly ValidationError[], path: string, expected: string): EventIssue[] {
  return errors.flatMap((error) => {
    const constraints = Object.entries(error.constraints ?? {});
    if (constraints.some(([name]) => name === UNKNOWN_VALUE)) {
      return [{ path, message: `must be an instance of ${expected}: a plain object has no validators` }];
    }
    const here = join(path, error.property, error.target);
    const own = constraints.map(([, message]) => ({ path: here, message }));
    return [...own, ...flatten(error.children ?? [], here, expectedClass(error, expected))];
  });
}

/** Required fields that are absent, also where class-validator does not look: nested objects, fields without validators. */
function missing(object: object, path: string): EventIssue[] {
  return fieldsOf(object).flatMap((field): EventIssue[] => {
    const value = (object as Record<string, unknown>)[field.name];
    const here = join(path, field.name, object);
    if (value === undefined && field.unconditional) {
      return [{ path: here, message: `${field.name} is missing; if it may be, add @IsOptional() to it` }];
    }
    if (!field.nested) return [];
    const elements: [unknown, string][] = Array.isArray(value)
      ? value.map((element: unknown, index) => [element, `${here}[${index}]`])
      : [[value, here]];
    return elements.flatMap(([element, at]) => (element instanceof Object ? missing(element, at) : []));
  });
}

/** Judges events by the validators of their class. class-validator has the last word on every no. */
export class EventValidator {
  private readonly quick = new CompiledCheck(readClass);

  /** Everything that is wrong with an instance of an event class; empty if nothing is. */
  issuesOf(event: object): readonly EventIssue[] {
    if (this.quick.accepts(event)) return [];
    const known = readClass(event.constructor as Class).hasValidators;
    const errors = known ? validateSync(event, { validationError: { target: true, value: false } }) : [];
    const issues = flatten(errors, '', '');
    const reported = new Set(issues.map(({ path }) => path));
    return [...issues, ...missing(event, '').filter(({ path }) => !reported.has(path))];
  }
}
