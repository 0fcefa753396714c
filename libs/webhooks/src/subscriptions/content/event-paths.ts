import { TemplateError } from '../../errors/template-error.js';
import type { JsonSchema } from '../../internal/json-schema.js';
import { nearest } from '../../internal/nearest.js';
import { SchemaBranches, type SchemaAlternatives } from '../../templates/schema-branches.js';
import { jsonTypes, type JsonType } from './json-types.js';

/** A dotted path as an event type understands it. */
export interface EventPath {
  /** The fields' own names; lists on the way have no step of their own. */
  readonly keys: readonly string[];
  /** What may stand there, in a list or not; null: the schema does not say. */
  readonly types: ReadonlySet<JsonType> | null;
}

/** Lists of lists that a path looks into. */
const LIST_DEPTH = 4;

/** Follows dotted paths through one event type's schema. A list means its elements, whatever their number. */
export class EventPaths {
  private readonly branches: SchemaBranches;

  constructor(private readonly schema: JsonSchema) {
    this.branches = new SchemaBranches(schema);
  }

  /**
   * Finds what `segments.origin` means, aliases replaced by the fields' own names.
   *
   * @param place where in the subscription the path stands, for the error
   * @throws TemplateError TEMPLATE_UNKNOWN_FIELD
   */
  resolve(path: string, place: string): EventPath {
    const names = path.split('.');
    const keys: string[] = [];
    let schemas: readonly JsonSchema[] = [this.schema];
    for (const [depth, name] of names.entries()) {
      const holders = this.holders(schemas);
      const step = holders.map((each) => each.property(name)).find((each) => each !== undefined);
      if (step === undefined) {
        if (holders.some(({ isOpen }) => isOpen))
          return { keys: [...keys, ...names.slice(depth)], types: null };
        throw unknownField(names.slice(0, depth + 1), holders, place);
      }
      keys.push(String(step.key));
      schemas = step.schemas;
    }
    return { keys, types: jsonTypes(schemas) };
  }

  private holders(schemas: readonly JsonSchema[]): SchemaAlternatives[] {
    let last = this.branches.of(schemas);
    const found = [last];
    for (let items = last.item(0); items && found.length <= LIST_DEPTH; items = last.item(0)) {
      last = this.branches.of(items.schemas);
      found.push(last);
    }
    return found;
  }
}

function unknownField(
  names: readonly string[],
  holders: readonly SchemaAlternatives[],
  place: string,
): TemplateError {
  const name = names.at(-1)!;
  const owner = names.length === 1 ? 'The event type' : `"${names.slice(0, -1).join('.')}"`;
  const problem = `"${names.join('.')}" is unknown. ${owner} has no field "${name}".`;
  const known = holders.flatMap((each) => each.names);
  return new TemplateError('TEMPLATE_UNKNOWN_FIELD', place, problem, { suggestion: nearest(name, known) });
}
