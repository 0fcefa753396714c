import { CatalogError } from '../errors/catalog-error.js';
import type { ClassGraph } from './class-graph.js';
import type { ClassMetadata, FieldMetadata } from './class-metadata.js';
import type { Class } from './event-class.js';
import { asJson, fieldSchema, isList } from './field-schema.js';
import { plausibleValue } from './plausible-value.js';

/** Builds an object as it would arrive, from the examples of the class and of the classes nested in it. */
export class ClassSample {
  private readonly open = new Set<Class>();

  constructor(private readonly graph: ClassGraph) {}

  /** @throws CatalogError when a field needs an example, because no valid value can be guessed */
  of(metadata: ClassMetadata): Record<string, unknown> {
    this.open.add(metadata.eventClass);
    const sample: Record<string, unknown> = {};
    for (const field of metadata.fields) {
      const value = this.valueOf(field, metadata);
      if (value !== undefined) sample[field.name] = value;
    }
    this.open.delete(metadata.eventClass);
    return sample;
  }

  private valueOf(field: FieldMetadata, owner: ClassMetadata): unknown {
    if (field.options.example !== undefined) return asJson(field.options.example);
    const nested = field.options.type && this.graph.nested.get(field.options.type());
    const value = nested
      ? this.nestedValue(field, nested.metadata)
      : plausibleValue(fieldSchema(field, null));
    if (value !== undefined || field.optional) return value;
    const name = `${owner.eventClass.name}.${field.name}`;
    throw new CatalogError(`No valid value can be guessed for ${name}: add @WebhookField({ example: … })`);
  }

  private nestedValue(field: FieldMetadata, nested: ClassMetadata): unknown {
    const list = isList(field);
    const { minItems = 0, maxItems = Infinity } = fieldSchema(field, null);
    // A circle ends where it would begin again: with null, with nothing, or with an empty list.
    if (this.open.has(nested.eventClass))
      return field.nullable ? null : list && minItems === 0 ? [] : undefined;
    if (!list) return this.of(nested);
    return Array.from({ length: Math.min(maxItems, Math.max(1, minItems)) }, () => this.of(nested));
  }
}
