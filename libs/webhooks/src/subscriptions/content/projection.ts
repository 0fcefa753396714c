import type { JsonSchema } from '../../internal/json-schema.js';
import { EventPaths } from './event-paths.js';

type Fields = Readonly<Record<string, unknown>>;

/** Makes the event's data smaller. The data itself is only read. */
export type Project = (data: Fields) => Record<string, unknown>;

/** The whole value, or of each object only these members. */
type Tree = Map<string, Tree> | typeof WHOLE;

const WHOLE = 'whole';
const ENVELOPE = ['event_id', 'event_type', 'occurred_at', 'sequence', 'catalog_version'];

/**
 * Compiles the paths of a subscription's `fields` for an event type. The envelope fields always stay, and what stays
 * keeps the event's own order.
 *
 * @throws TemplateError TEMPLATE_UNKNOWN_FIELD at `fields[0]`
 */
export function compileProjection(fields: readonly string[], schema: JsonSchema): Project {
  const paths = new EventPaths(schema);
  const root = new Map<string, Tree>(ENVELOPE.map((name) => [name, WHOLE]));
  fields.forEach((path, index) => add(root, paths.resolve(path, `fields[${index}]`).keys));
  return (data) => membersOf(data, root);
}

// The whole of a field wins over its parts, whichever is named first.
function add(root: Map<string, Tree>, keys: readonly string[]): void {
  let here = root;
  for (const key of keys.slice(0, -1)) {
    const next = here.get(key) ?? new Map<string, Tree>();
    if (next === WHOLE) return;
    here.set(key, next);
    here = next;
  }
  here.set(keys.at(-1)!, WHOLE);
}

function partOf(value: unknown, tree: Tree): unknown {
  if (tree === WHOLE) return value;
  if (Array.isArray(value)) return value.map((each) => partOf(each, tree));
  // Where an object was expected, anything else has none of the fields asked for.
  return typeof value === 'object' && value !== null ? membersOf(value as Fields, tree) : null;
}

function membersOf(value: Fields, tree: Map<string, Tree>): Record<string, unknown> {
  const members = Object.entries(value).flatMap(([name, each]) => {
    const wanted = tree.get(name);
    return wanted === undefined ? [] : [[name, partOf(each, wanted)] as const];
  });
  return Object.fromEntries(members);
}
