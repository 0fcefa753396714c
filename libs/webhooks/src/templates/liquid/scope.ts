import type { JsonSchema } from '../../internal/json-schema.js';
import { SECRETS } from '../known-secrets.js';
import type { TemplateNode } from './syntax-tree.js';

/** What the loop's own variable offers. */
export const FORLOOP: JsonSchema = {
  type: 'object',
  properties: {
    index: { type: 'integer' },
    index0: { type: 'integer' },
    rindex: { type: 'integer' },
    rindex0: { type: 'integer' },
    first: { type: 'boolean' },
    last: { type: 'boolean' },
    length: { type: 'integer' },
  },
  additionalProperties: false,
};

/** Names that mean something else. */
export const RESERVED_NAMES = [SECRETS, 'forloop', 'true', 'false', 'nil', 'null', 'empty', 'blank'];

/** The variables of one template string: those of its loops, innermost last, and those it assigns. */
export class Scope {
  private readonly loops: { readonly name: string; readonly schemas: readonly JsonSchema[] }[] = [];
  private readonly assigned = new Map<string, JsonSchema[]>();

  /** @param names every name assigned anywhere: a loop may read in one round what the last one assigned */
  constructor(names: Iterable<string>) {
    for (const name of names) this.assigned.set(name, []);
  }

  get isInLoop(): boolean {
    return this.loops.length > 0;
  }

  enter(name: string, schemas: readonly JsonSchema[]): void {
    this.loops.push({ name, schemas });
  }

  leave(): void {
    this.loops.pop();
  }

  assign(name: string, schemas: readonly JsonSchema[]): void {
    this.assigned.get(name)?.push(...schemas);
  }

  /** What a loop's variable holds; undefined when no loop has one of that name. */
  loopVariable(name: string): readonly JsonSchema[] | undefined {
    return this.loops.findLast((loop) => loop.name === name)?.schemas;
  }

  /** What an assigned variable may hold; anything while nothing is assigned yet. */
  variable(name: string): readonly JsonSchema[] | undefined {
    const schemas = this.assigned.get(name);
    return schemas?.length === 0 ? [{}] : schemas;
  }
}

/** Every name that is assigned somewhere in the template. */
export function assignedNames(nodes: readonly TemplateNode[]): string[] {
  return nodes.flatMap((node) => {
    if (node.kind === 'assign') return [node.name];
    if (node.kind === 'for') return assignedNames([...node.body, ...node.otherwise]);
    if (!('branches' in node)) return [];
    return assignedNames([...node.branches.flatMap(({ body }) => body), ...node.otherwise]);
  });
}
