import { TemplateError } from '../errors/template-error.js';
import type { JsonSchema } from '../internal/json-schema.js';
import { nearest } from '../internal/nearest.js';
import { KnownSecrets, SECRETS } from './known-secrets.js';
import { formatPath, type PathKey } from './plain-path.js';
import { SchemaBranches, type SchemaAlternatives } from './schema-branches.js';

/** Where a path has come to: the key by its own name, and what stands there. */
export interface FieldStep {
  readonly key: PathKey;
  readonly here: SchemaAlternatives;
}

/** The fields an event type has, the names they may be called by, and the secrets beside them. */
export class KnownFields {
  readonly root: SchemaAlternatives;
  private readonly branches: SchemaBranches;

  /** @param owner what errors call the event type */
  constructor(
    schema: JsonSchema,
    readonly secrets = new KnownSecrets(),
    private readonly owner = 'The event type',
  ) {
    this.branches = new SchemaBranches(schema);
    this.root = this.alternatives([schema]);
  }

  /** Opens references, so that only concrete schemas are left. */
  alternatives(schemas: readonly JsonSchema[]): SchemaAlternatives {
    return this.branches.of(schemas);
  }

  /**
   * Follows a path through the schema and replaces aliases by the fields' own names.
   *
   * @param keys the path as the template's author wrote it
   * @param path where in the request it stands, for the error
   * @throws TemplateError TEMPLATE_UNKNOWN_FIELD
   */
  resolve(keys: readonly PathKey[], path: string): PathKey[] {
    if (keys[0] === SECRETS) return this.secrets.resolve(keys, path);
    const resolved: PathKey[] = [];
    let here = this.root;
    for (const depth of keys.keys()) {
      const step = this.step(here, keys.slice(0, depth + 1), path);
      resolved.push(step.key);
      here = step.here;
    }
    return resolved;
  }

  /**
   * Takes one step.
   *
   * @param trail the path so far; its last key is the one to follow from `here`
   * @throws TemplateError TEMPLATE_UNKNOWN_FIELD
   */
  step(here: SchemaAlternatives, trail: readonly PathKey[], path: string): FieldStep {
    const key = trail.at(-1) ?? '';
    const found =
      (typeof key === 'number' ? here.item(key) : here.property(key)) ??
      (here.isOpen || here === this.root ? undefined : here.computed(key));
    if (found !== undefined) return { key: found.key, here: this.alternatives(found.schemas) };
    if (here.isOpen) return { key, here: this.alternatives([{}]) };
    throw this.unknown(trail, here.names, path);
  }

  /** Says that a name is missing, and which one was probably meant. */
  unknown(keys: readonly PathKey[], names: readonly string[], path: string): TemplateError {
    const key = keys.at(-1) ?? '';
    const parent = formatPath(keys.slice(0, -1));
    const owner = parent === '' ? this.owner : `"${parent}"`;
    const problem = `"${formatPath(keys)}" is unknown. ${owner} has no ${missing(key)}.`;
    const suggestion = typeof key === 'string' ? nearest(key, names) : undefined;
    return new TemplateError('TEMPLATE_UNKNOWN_FIELD', path, problem, { suggestion });
  }
}

function missing(key: PathKey): string {
  return typeof key === 'number' ? `elements: [${key}] needs a list` : `field "${key}"`;
}
