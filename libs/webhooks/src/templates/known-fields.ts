import { TemplateError } from '../errors/template-error.js';
import type { JsonSchema } from '../internal/json-schema.js';
import { nearest } from '../internal/nearest.js';
import { formatPath, type PathKey } from './plain-path.js';
import { SchemaBranches } from './schema-branches.js';

/** The fields an event type has, and the names they may be called by. */
export class KnownFields {
  private readonly branches: SchemaBranches;

  constructor(private readonly schema: JsonSchema) {
    this.branches = new SchemaBranches(schema);
  }

  /**
   * Follows a path through the schema and replaces aliases by the fields' own names.
   *
   * @param keys the path as the template's author wrote it
   * @param path where in the request it stands, for the error
   * @throws TemplateError TEMPLATE_UNKNOWN_FIELD
   */
  resolve(keys: readonly PathKey[], path: string): PathKey[] {
    const resolved: PathKey[] = [];
    let here = this.branches.of([this.schema]);
    for (const [depth, key] of keys.entries()) {
      const step = typeof key === 'number' ? here.item(key) : here.property(key);
      if (step === undefined) {
        if (here.isOpen) return [...resolved, ...keys.slice(depth)];
        throw unknownField(keys.slice(0, depth + 1), here.names, path);
      }
      resolved.push(step.key);
      here = this.branches.of(step.schemas);
    }
    return resolved;
  }
}

function unknownField(keys: readonly PathKey[], names: readonly string[], path: string): TemplateError {
  const key = keys.at(-1) ?? '';
  const parent = formatPath(keys.slice(0, -1));
  const owner = parent === '' ? 'The event type' : `"${parent}"`;
  const problem = `"${formatPath(keys)}" is unknown. ${owner} has no ${missing(key)}.`;
  const suggestion = typeof key === 'string' ? nearest(key, names) : undefined;
  return new TemplateError('TEMPLATE_UNKNOWN_FIELD', path, problem, { suggestion });
}

function missing(key: PathKey): string {
  return typeof key === 'number' ? `elements: [${key}] needs a list` : `field "${key}"`;
}
