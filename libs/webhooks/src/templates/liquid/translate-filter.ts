import { TemplateError } from '../../errors/template-error.js';
import type { JsonSchema } from '../../internal/json-schema.js';
import { nearest } from '../../internal/nearest.js';
import { parsePlainPath, type PathKey } from '../plain-path.js';
import type { Filter } from './filter.js';
import { FILTERS } from './filters.js';
import type { FilterNode, Operand } from './syntax-tree.js';
import { isZone } from './time-zones.js';
import { shown } from './token-cursor.js';
import type { Translated, ValueTranslator } from './translate-value.js';
import { writeProperty } from './write-source.js';

/** Characters that the property of `map` and `where` may have. */
const LONGEST_PROPERTY = 64;

/**
 * Checks one filter and writes it behind its input.
 *
 * @throws TemplateError TEMPLATE_UNKNOWN_FILTER, TEMPLATE_UNKNOWN_FIELD, TEMPLATE_SYNTAX
 */
export function translateFilter(
  translator: ValueTranslator,
  input: Translated,
  node: FilterNode,
): Translated {
  const filter = FILTERS.get(node.name);
  if (filter === undefined) {
    const problem = `There is no filter "${shown(node.name)}".`;
    const suggestion = nearest(node.name, FILTERS.keys());
    throw new TemplateError('TEMPLATE_UNKNOWN_FILTER', translator.path, problem, { suggestion });
  }
  checkArguments(filter, node, translator.path);
  const property = filter.property ? translateProperty(translator, input, node) : undefined;
  const args = node.args.map((arg) => translator.operand(arg));
  const written = args.map(({ source }, index) => (index === 0 && property ? property.source : source));
  const named = node.named.map(([name, value]) => `${name}: ${translator.operand(value).source}`);
  const all = [...written, ...named].join(', ');
  return {
    source: `${input.source} | ${node.name}${all === '' ? '' : `: ${all}`}`,
    schemas: resultOf(translator, filter, input, property?.schemas ?? args[0]?.schemas ?? []),
  };
}

function checkArguments(filter: Filter, { name, args, named }: FilterNode, path: string): void {
  const [least, most] = filter.args;
  if (args.length < least || args.length > most) {
    const wanted = least === most ? String(least) : `${least} to ${most}`;
    throw syntax(path, `The filter "${name}" takes ${wanted} arguments, not ${args.length}.`);
  }
  for (const [argument] of named) {
    if (!filter.named?.includes(argument)) {
      throw syntax(path, `The filter "${name}" has no argument "${shown(argument)}".`);
    }
  }
  if (name === 'date') checkZone(args[1], path);
}

function checkZone(zone: Operand | undefined, path: string): void {
  if (zone?.kind === 'string' && !isZone(zone.value)) {
    throw syntax(path, `There is no time zone "${shown(zone.value)}": write a name such as Europe/Madrid.`);
  }
}

function translateProperty(translator: ValueTranslator, input: Translated, node: FilterNode): Translated {
  const { path, fields } = translator;
  const keys = propertyKeys(node.args[0]);
  if (keys === null) {
    const problem = `The filter "${node.name}" takes the name of a property in quotes, of at most ${LONGEST_PROPERTY} characters.`;
    throw syntax(path, problem);
  }
  const elements = fields.alternatives(input.schemas).elements();
  if (elements === undefined) {
    const problem = `The filter "${node.name}" needs a list, and there is none.`;
    throw new TemplateError('TEMPLATE_UNKNOWN_FIELD', path, problem);
  }
  let here = fields.alternatives(elements);
  const resolved: PathKey[] = [];
  for (const depth of keys.keys()) {
    const step = fields.step(here, ['element', ...keys.slice(0, depth + 1)], path);
    resolved.push(step.key);
    here = step.here;
  }
  return { source: writeProperty(resolved), schemas: here.schemas };
}

function propertyKeys(argument: Operand | undefined): PathKey[] | null {
  if (argument?.kind !== 'string' || argument.value.length > LONGEST_PROPERTY) return null;
  return parsePlainPath(argument.value);
}

function resultOf(
  { fields }: ValueTranslator,
  filter: Filter,
  input: Translated,
  other: readonly JsonSchema[],
): readonly JsonSchema[] {
  const items = (): readonly JsonSchema[] =>
    fields.alternatives(input.schemas).elements() ?? [{ type: 'string' }];
  switch (filter.gives) {
    case 'text':
      return [{ type: 'string' }];
    case 'texts':
      return [{ type: 'array', items: { type: 'string' } }];
    case 'number':
      return [{ type: 'number' }];
    case 'input':
      return input.schemas;
    case 'either':
      return [...input.schemas, ...other];
    case 'element':
      return items();
    case 'property':
      return [{ type: 'array', items: { anyOf: other } }];
  }
}

function syntax(path: string, problem: string): TemplateError {
  return new TemplateError('TEMPLATE_SYNTAX', path, problem);
}
