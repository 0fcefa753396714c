import { TemplateError } from '../../errors/template-error.js';
import type { JsonSchema } from '../../internal/json-schema.js';
import type { KnownFields } from '../known-fields.js';
import { SECRETS } from '../known-secrets.js';
import type { PathKey } from '../plain-path.js';
import type { SchemaAlternatives } from '../schema-branches.js';
import { FORLOOP, type Scope } from './scope.js';
import type { Operand, PathNode, ValueNode } from './syntax-tree.js';
import { translateFilter } from './translate-filter.js';
import { writeKey, writeNumber, writeString } from './write-source.js';

/** A checked piece in the engine's own words, and what it may give. */
export interface Translated {
  readonly source: string;
  readonly schemas: readonly JsonSchema[];
}

const WORDS: Readonly<Record<string, JsonSchema>> = {
  true: { type: 'boolean' },
  false: { type: 'boolean' },
  nil: { type: 'null' },
  null: { type: 'null' },
  empty: { type: 'null' },
  blank: { type: 'null' },
};

/** Checks values against the event's fields and the variables in scope. */
export class ValueTranslator {
  constructor(
    readonly fields: KnownFields,
    readonly scope: Scope,
    readonly path: string,
  ) {}

  /** @throws TemplateError */
  value({ terms, filters }: ValueNode): Translated {
    const parts = terms.map((term) =>
      term.kind === 'operator' ? { source: term.operator, schemas: [] } : this.operand(term),
    );
    const [first] = parts;
    const isOperand = parts.length === 1 && first !== undefined;
    const start: Translated = {
      source: parts.map(({ source }) => source).join(' '),
      schemas: isOperand ? first.schemas : [{ type: 'boolean' }],
    };
    return filters.reduce((input, filter) => translateFilter(this, input, filter), start);
  }

  /** @throws TemplateError */
  operand(operand: Operand): Translated {
    switch (operand.kind) {
      case 'path':
        return this.pathOf(operand);
      case 'string':
        return { source: writeString(operand.value), schemas: [{ type: 'string' }] };
      case 'number':
        return { source: writeNumber(operand.value), schemas: [{ type: 'number' }] };
      case 'word':
        return { source: operand.word, schemas: [WORDS[operand.word] ?? {}] };
      case 'range':
        return this.range(operand.from, operand.to);
    }
  }

  /** The name under which a variable or field is known: an alias is the same variable as its field. */
  nameOf(name: string): string {
    return String(this.fields.root.property(name)?.key ?? name);
  }

  // The engine counts up one by one from any number it is given: `_bound` keeps it among those that have a successor.
  private range(from: Operand, to: Operand): Translated {
    const [low, high] = [this.operand(from).source, this.operand(to).source];
    const source = `((${low} | _bound)..(${high} | _bound))`;
    return { source, schemas: [{ type: 'array', items: { type: 'integer' } }] };
  }

  private pathOf({ keys }: PathNode): Translated {
    const [root, ...rest] = keys;
    const name = this.nameOf(root as string);
    if (root === SECRETS) return this.secret(keys);
    if (name === 'forloop' && this.scope.isInLoop) return this.forloop(keys);
    const schemas = this.variable(name);
    const start =
      schemas === undefined
        ? this.fields.step(this.fields.root, [root as string], this.path)
        : { key: name, here: this.fields.alternatives(schemas) };
    return this.follow(start, rest, [root as string]);
  }

  private follow(
    start: { key: PathKey; here: SchemaAlternatives },
    rest: PathNode['keys'],
    root: readonly PathKey[],
  ): Translated {
    let source = writeKey(start.key, true);
    let { here } = start;
    const trail = [...root];
    for (const key of rest) {
      if (typeof key === 'object') {
        source += `[${this.pathOf(key).source}]`;
        here = this.fields.alternatives(this.indexed(here, trail));
        trail.push('…');
        continue;
      }
      trail.push(key);
      const step = this.fields.step(here, trail, this.path);
      source += writeKey(step.key, false);
      here = step.here;
    }
    return { source, schemas: here.schemas };
  }

  private indexed(here: SchemaAlternatives, trail: readonly PathKey[]): readonly JsonSchema[] {
    const found = here.anything();
    if (found !== undefined) return found;
    throw this.fields.unknown([...trail, 0], [], this.path);
  }

  /** What a name holds that is no field alone; what is assigned under a field's name may be either. */
  private variable(name: string): readonly JsonSchema[] | undefined {
    const inLoop = this.scope.loopVariable(name);
    if (inLoop !== undefined) return inLoop;
    const assigned = this.scope.variable(name);
    if (assigned === undefined) return undefined;
    return [...assigned, ...(this.fields.root.property(name)?.schemas ?? [])];
  }

  private secret(keys: PathNode['keys']): Translated {
    const literal = keys.map((key) => (typeof key === 'object' ? 0 : key));
    const [root, name] = this.fields.resolve(literal, this.path);
    return { source: `${root}${writeKey(name ?? '', false)}`, schemas: [{ type: 'string' }] };
  }

  // The engine's loop variable is an object of its own whose methods it would call: only its values are reached.
  private forloop([, key, ...rest]: PathNode['keys']): Translated {
    const known = this.fields.alternatives([FORLOOP]);
    if (typeof key === 'string' && rest.length === 0 && known.property(key) !== undefined) {
      return { source: `forloop.${key}`, schemas: known.property(key)?.schemas ?? [] };
    }
    if (typeof key === 'string' && rest.length === 0) {
      throw this.fields.unknown(['forloop', key], known.names, this.path);
    }
    const problem = 'Of "forloop" only its values can be read, such as forloop.last.';
    throw new TemplateError('TEMPLATE_UNKNOWN_FIELD', this.path, problem);
  }
}
