import { CatalogError } from '../errors/catalog-error.js';
import type { ClassMetadata, FieldMetadata, ReadClass } from './class-metadata.js';
import type { Class } from './event-class.js';

/** A class used by a field of an event, directly or further down. */
export interface NestedClass {
  /** Unique among the nested classes of one event: the class's own name, numbered if another class has it. */
  readonly name: string;
  readonly metadata: ClassMetadata;
}

/** An event class and everything nested in it; circles are fine. */
export interface ClassGraph {
  readonly root: ClassMetadata;
  readonly nested: ReadonlyMap<Class, NestedClass>;
}

function nestedClassOf(owner: string, field: FieldMetadata): Class | null {
  const { type } = field.options;
  if (!type && field.nested) {
    throw new CatalogError(
      `${owner}.${field.name} is validated as a nested object, but its class is unknown: ` +
        `add @WebhookField({ type: () => TheClass })`,
    );
  }
  const nested: unknown = type?.();
  if (!type || typeof nested === 'function') return (nested as Class | undefined) ?? null;
  throw new CatalogError(
    `The type of ${owner}.${field.name} is ${String(nested)} and no class: look for files that import each other`,
  );
}

function checkNested(owner: string, field: FieldMetadata, nested: ClassMetadata): void {
  const { name } = nested.eventClass;
  if (nested.fields.length === 0) {
    throw new CatalogError(
      `${name}, the type of ${owner}.${field.name}, has no fields: decorate its properties with @WebhookField() ` +
        `and validators`,
    );
  }
  if (field.nested && !nested.hasValidators) {
    throw new CatalogError(
      `${owner}.${field.name} is validated as a nested ${name}, which has no validators, so no value would ever be ` +
        `valid: add validators to ${name}, or remove @ValidateNested() from ${owner}.${field.name}`,
    );
  }
}

function uniqueName(wanted: string, taken: ReadonlySet<string>): string {
  let name = wanted || 'Nested';
  for (let copy = 2; taken.has(name); copy++) name = `${wanted}${copy}`;
  return name;
}

/**
 * Collects the classes an event consists of.
 *
 * @throws CatalogError when a nested class is unknown or can never be valid
 */
export function graphOf(eventClass: Class, read: ReadClass): ClassGraph {
  const root = read(eventClass);
  const nested = new Map<Class, NestedClass>();
  const open = [root];
  for (let owner = open.shift(); owner; owner = open.shift()) {
    for (const field of owner.fields) {
      const found = nestedClassOf(owner.eventClass.name, field);
      if (!found) continue;
      const metadata = nested.get(found)?.metadata ?? read(found);
      checkNested(owner.eventClass.name, field, metadata);
      if (nested.has(found)) continue;
      const taken = new Set([...nested.values()].map(({ name }) => name));
      nested.set(found, { name: uniqueName(found.name, taken), metadata });
      open.push(metadata);
    }
  }
  return { root, nested };
}
