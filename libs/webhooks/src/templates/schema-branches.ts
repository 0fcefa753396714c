import type { JsonSchema } from '../internal/json-schema.js';
import type { PathKey } from './plain-path.js';

/** A step that the schema knows: the property's own name (or the index) and what may stand there. */
export interface SchemaStep {
  readonly key: PathKey;
  readonly schemas: readonly JsonSchema[];
}

/** Opens `$ref` and `anyOf`, so that only concrete alternatives are left. */
export class SchemaBranches {
  constructor(private readonly root: JsonSchema) {}

  of(schemas: readonly JsonSchema[]): SchemaAlternatives {
    const concrete = new Set<JsonSchema>();
    const seen = new Set<JsonSchema>();
    const waiting = [...schemas];
    for (let schema = waiting.pop(); schema !== undefined; schema = waiting.pop()) {
      if (seen.has(schema)) continue;
      seen.add(schema);
      const inner = this.inside(schema);
      if (inner.length === 0) concrete.add(schema);
      waiting.push(...inner);
    }
    return new SchemaAlternatives([...concrete]);
  }

  private inside(schema: JsonSchema): readonly JsonSchema[] {
    const target = schema.$ref === undefined ? undefined : this.target(schema.$ref);
    return [...(target === undefined ? [] : [target]), ...(schema.anyOf ?? [])];
  }

  private target(reference: string): JsonSchema | undefined {
    if (reference === '#') return this.root;
    const name = reference
      .replace(/^#\/\$defs\//, '')
      .replaceAll('~1', '/')
      .replaceAll('~0', '~');
    const definitions = this.root.$defs ?? {};
    return Object.hasOwn(definitions, name) ? definitions[name] : undefined;
  }
}

/** What may stand in one place of the event. */
export class SchemaAlternatives {
  constructor(readonly schemas: readonly JsonSchema[]) {}

  /** Anything may stand below: the schema does not say what. */
  get isOpen(): boolean {
    return this.schemas.some((schema) => describesNothing(schema) || hasFreeNames(schema));
  }

  /** Every field name and alias, for suggestions. */
  get names(): string[] {
    const properties = this.schemas.flatMap((schema) => Object.entries(schema.properties ?? {}));
    return [
      ...properties.map(([name]) => name),
      ...properties.flatMap(([, inner]) => inner['x-aliases'] ?? []),
    ];
  }

  property(nameOrAlias: string): SchemaStep | undefined {
    const key = this.schemas.map((schema) => ownName(schema, nameOrAlias)).find((name) => name !== undefined);
    if (key === undefined) return undefined;
    const schemas = this.schemas
      .map((schema) => ownProperty(schema, key))
      .filter((inner) => inner !== undefined);
    return { key, schemas };
  }

  item(index: number): SchemaStep | undefined {
    const { lists } = this;
    return lists.length === 0 ? undefined : { key: index, schemas: itemsOf(lists) };
  }

  /** What `size`, `first` and `last` compute where no field of that name exists. */
  computed(key: PathKey): SchemaStep | undefined {
    if (key === 'size') return this.hasSize ? { key, schemas: [{ type: 'integer' }] } : undefined;
    return key === 'first' || key === 'last'
      ? this.item(0) && { key, schemas: itemsOf(this.lists) }
      : undefined;
  }

  /** What an index that is only known at send time may find; undefined where nothing has one. */
  anything(): readonly JsonSchema[] | undefined {
    const inner = this.objects.flatMap((schema) => Object.values(schema.properties ?? {}));
    const free = this.isOpen ? [{}] : [];
    const schemas = [...itemsOf(this.lists), ...inner, ...free];
    return schemas.length === 0 ? undefined : schemas;
  }

  /** What a loop visits: a list's elements, an object's pairs of name and value. */
  visited(): readonly JsonSchema[] | undefined {
    const pairs = this.objects.map(() => ({ type: 'array', items: {} }));
    const schemas = [...itemsOf(this.lists), ...pairs, ...(this.isOpen ? [{}] : [])];
    return schemas.length === 0 ? undefined : schemas;
  }

  /** What `map` and `where` look at: a list's elements, or the one object. */
  elements(): readonly JsonSchema[] | undefined {
    const schemas = [...itemsOf(this.lists), ...this.objects, ...(this.isOpen ? [{}] : [])];
    return schemas.length === 0 ? undefined : schemas;
  }

  private get hasSize(): boolean {
    return this.schemas.some((schema) => hasType(schema, 'string')) || this.anything() !== undefined;
  }

  private get lists(): JsonSchema[] {
    return this.schemas.filter((schema) => schema.items !== undefined || hasType(schema, 'array'));
  }

  private get objects(): JsonSchema[] {
    return this.schemas.filter((schema) => schema.properties !== undefined || hasType(schema, 'object'));
  }
}

function itemsOf(lists: readonly JsonSchema[]): JsonSchema[] {
  return lists.map((list) => list.items ?? {});
}

function ownProperty(schema: JsonSchema, name: string): JsonSchema | undefined {
  const properties = schema.properties ?? {};
  return Object.hasOwn(properties, name) ? properties[name] : undefined;
}

function ownName(schema: JsonSchema, nameOrAlias: string): string | undefined {
  if (ownProperty(schema, nameOrAlias) !== undefined) return nameOrAlias;
  return Object.entries(schema.properties ?? {}).find(([, inner]) =>
    inner['x-aliases']?.includes(nameOrAlias),
  )?.[0];
}

function hasType(schema: JsonSchema, type: string): boolean {
  return typeof schema.type === 'string' ? schema.type === type : (schema.type ?? []).includes(type);
}

function describesNothing(schema: JsonSchema): boolean {
  const { type, properties, items, additionalProperties, $ref } = schema;
  const described = [type, properties, items, additionalProperties, $ref, schema.enum, schema.const];
  return described.every((part) => part === undefined);
}

function hasFreeNames(schema: JsonSchema): boolean {
  const { additionalProperties: free } = schema;
  if (free !== undefined) return free !== false;
  return hasType(schema, 'object') && schema.properties === undefined;
}
