import { TemplateError } from '../../errors/template-error.js';
import type { KnownFields } from '../known-fields.js';
import { assignedNames, RESERVED_NAMES, Scope } from './scope.js';
import type { CaseNode, ConditionNode, LoopNode, Operand, TemplateNode, ValueNode } from './syntax-tree.js';
import { ValueTranslator } from './translate-value.js';
import { writeKey, writeText } from './write-source.js';

/** How the template's text and outputs are written. */
export interface Writing {
  /** Filters behind every output, such as an encoding. */
  readonly outputFilter?: (inPath: boolean) => string;
  /** Changes and checks literal text. */
  readonly literal?: (text: string) => string;
}

/**
 * Checks a template and writes it anew in the few words that the engine gets to see. What is not understood here
 * never reaches the engine.
 */
export class TemplateTranslator {
  private readonly values: ValueTranslator;
  private readonly scope: Scope;
  /** No `?` and no `#` has been written: a URL is still in its path. */
  private inPath = true;

  constructor(
    nodes: readonly TemplateNode[],
    fields: KnownFields,
    private readonly path: string,
    private readonly writing: Writing = {},
  ) {
    const nameOf = (name: string): string => String(fields.root.property(name)?.key ?? name);
    this.scope = new Scope(assignedNames(nodes).map(nameOf));
    this.values = new ValueTranslator(fields, this.scope, path);
  }

  /** Says that literal text before the template has left the path of a URL. */
  leavePath(): void {
    this.inPath = false;
  }

  /** @throws TemplateError */
  template(nodes: readonly TemplateNode[]): string {
    return nodes.map((node) => this.node(node)).join('');
  }

  private node(node: TemplateNode): string {
    switch (node.kind) {
      case 'text':
        return this.text(node.text);
      case 'output':
        return this.output(node.value);
      case 'assign':
        return this.assign(node.name, node.value);
      case 'if':
      case 'unless':
        return this.condition(node);
      case 'case':
        return this.case(node);
      case 'for':
        return this.loop(node);
      default:
        return `{% ${node.kind} %}`;
    }
  }

  private text(text: string): string {
    this.inPath &&= !/[?#]/.test(text);
    return writeText(this.writing.literal?.(text) ?? text);
  }

  private output(value: ValueNode): string {
    const filter = this.writing.outputFilter?.(this.inPath) ?? '';
    return `{{ ${this.value(value)}${filter} }}`;
  }

  private assign(written: string, value: ValueNode): string {
    const name = this.newName(written);
    const { source, schemas } = this.values.value(value);
    this.scope.assign(name, schemas);
    return `{% assign ${name} = ${source} %}`;
  }

  private condition({ kind, branches, otherwise }: ConditionNode): string {
    const parts = branches.map(({ test, body }, index) => {
      const tag = index === 0 ? kind : 'elsif';
      return `{% ${tag} ${this.value(test)} %}${this.template(body)}`;
    });
    return `${parts.join('')}${this.otherwise(otherwise)}{% end${kind} %}`;
  }

  private case({ subject, branches, otherwise }: CaseNode): string {
    const head = `{% case ${this.value(subject)} %}`;
    const parts = branches.map(({ values, body }) => {
      const written = values.map((value) => this.values.operand(value).source).join(', ');
      return `{% when ${written} %}${this.template(body)}`;
    });
    return `${head}${parts.join('')}${this.otherwise(otherwise)}{% endcase %}`;
  }

  private loop(node: LoopNode): string {
    const name = this.newName(node.variable);
    const source = this.values.operand(node.source);
    const visited = this.values.fields.alternatives(source.schemas).visited();
    if (visited === undefined) {
      const problem = `"{% for %}" needs a list, and ${source.source} is none.`;
      throw new TemplateError('TEMPLATE_UNKNOWN_FIELD', this.path, problem);
    }
    const modifiers = this.modifier('limit', node.limit) + this.modifier('offset', node.offset);
    this.scope.enter(name, visited);
    const body = this.template(node.body);
    this.scope.leave();
    const head = `{% for ${name} in ${source.source}${modifiers}${node.reversed ? ' reversed' : ''} %}`;
    return `${head}${body}${this.otherwise(node.otherwise)}{% endfor %}`;
  }

  private modifier(name: string, value: Operand | null): string {
    return value === null ? '' : ` ${name}: ${this.values.operand(value).source}`;
  }

  private otherwise(nodes: readonly TemplateNode[]): string {
    return nodes.length === 0 ? '' : `{% else %}${this.template(nodes)}`;
  }

  private value(value: ValueNode): string {
    return this.values.value(value).source;
  }

  private newName(written: string): string {
    const name = this.values.nameOf(written);
    const isWritable = writeKey(name, true) === name;
    if (isWritable && !RESERVED_NAMES.includes(name)) return name;
    const problem = `A variable cannot be called "${written}": use letters, digits and "_", and no reserved word.`;
    throw new TemplateError('TEMPLATE_SYNTAX', this.path, problem);
  }
}
