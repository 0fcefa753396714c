import type { ClassGraph } from './class-graph.js';
import type { ClassMetadata, FieldMetadata } from './class-metadata.js';

/** Builds an instance of an event class from what JSON carries of one, so that its validators can judge that. */
export class ClassInstance {
  constructor(private readonly graph: ClassGraph) {}

  /** It has the fields that the class knows, and nothing else. No constructor runs: an instance may need more than data. */
  of({ eventClass, fields }: ClassMetadata, data: object): object {
    const instance = Object.create(eventClass.prototype as object) as object;
    for (const field of fields) {
      const member = Object.getOwnPropertyDescriptor(data, field.name);
      if (!member) continue;
      const value = this.valueOf(field, member.value);
      Object.defineProperty(instance, field.name, { ...member, value });
    }
    return instance;
  }

  private valueOf(field: FieldMetadata, value: unknown): unknown {
    if (Array.isArray(value)) return value.map((element: unknown) => this.elementOf(field, element));
    return this.elementOf(field, value);
  }

  private elementOf(field: FieldMetadata, value: unknown): unknown {
    if (typeof value === 'string') return isDate(field) ? new Date(value) : value;
    const nested = field.options.type && this.graph.nested.get(field.options.type());
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return nested && isObject ? this.of(nested.metadata, value) : value;
  }
}

function isDate({ declaredType, rules }: FieldMetadata): boolean {
  return declaredType === Date || rules.some(({ name }) => name === 'isDate');
}
