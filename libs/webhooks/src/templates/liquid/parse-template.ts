import { TemplateError } from '../../errors/template-error.js';
import { nearest } from '../../internal/nearest.js';
import type { TemplateToken } from '../template-tokens.js';
import { parseOperand, parseValue } from './parse-value.js';
import type { Branch, CaseNode, ConditionNode, LoopNode, Operand, TemplateNode } from './syntax-tree.js';
import { shown, TokenCursor } from './token-cursor.js';

/** The tags a subscriber may write. */
export const TAGS = ['if', 'unless', 'case', 'for', 'assign', 'echo', 'break', 'continue', 'raw', 'comment'];
/** Tags that only stand inside or at the end of another one. */
const INNER_TAGS = [
  'elsif',
  'else',
  'when',
  'endif',
  'endunless',
  'endcase',
  'endfor',
  'endraw',
  'endcomment',
];
const DEEPEST = 32;

interface Tag {
  readonly name: string;
  readonly args: string;
}

/** Reads the pieces of one template string. */
export class TemplateParser {
  private position = 0;
  private loops = 0;

  constructor(
    private readonly tokens: readonly TemplateToken[],
    private readonly path: string,
  ) {}

  /** @throws TemplateError TEMPLATE_SYNTAX, TEMPLATE_TAG_NOT_ALLOWED, TEMPLATE_TOO_LARGE */
  parse(): TemplateNode[] {
    const nodes = this.block(0);
    const tag = this.tag();
    if (tag !== undefined) throw this.syntax(`"{% ${tag.name} %}" has no tag to which it belongs.`);
    return nodes;
  }

  /** Reads up to a tag that only stands inside another one, or to the end. */
  private block(depth: number): TemplateNode[] {
    if (depth > DEEPEST) {
      const problem = `Tags are nested deeper than ${DEEPEST} levels.`;
      throw new TemplateError('TEMPLATE_TOO_LARGE', this.path, problem);
    }
    const nodes: TemplateNode[] = [];
    for (let token = this.tokens[this.position]; token !== undefined; token = this.tokens[this.position]) {
      if (token.kind === 'tag' && INNER_TAGS.includes(token.name)) break;
      this.position += 1;
      if (token.kind === 'text') nodes.push(token);
      else if (token.kind === 'output') nodes.push(this.output(token.expression));
      else nodes.push(this.node(token, depth));
    }
    return nodes;
  }

  private node(tag: Tag, depth: number): TemplateNode {
    switch (tag.name) {
      case 'if':
      case 'unless':
        return this.condition(tag.name, tag, depth);
      case 'case':
        return this.case(tag, depth);
      case 'for':
        return this.loop(tag, depth);
      default:
        return this.simple(tag);
    }
  }

  private simple(tag: Tag): TemplateNode {
    if (tag.name === 'assign') return this.assign(tag);
    if (tag.name === 'echo') return this.output(tag.args);
    if (tag.name === 'break' || tag.name === 'continue') return this.jump(tag.name, tag);
    const problem = `The tag "${shown(tag.name)}" is not allowed.`;
    const suggestion = nearest(tag.name, TAGS);
    throw new TemplateError('TEMPLATE_TAG_NOT_ALLOWED', this.path, problem, { suggestion });
  }

  private output(expression: string): TemplateNode {
    return { kind: 'output', value: parseWhole(this.cursor(expression), parseValue) };
  }

  private assign({ args }: Tag): TemplateNode {
    const cursor = this.cursor(args);
    const name = cursor.expect('word').text;
    cursor.expect('sign', '=');
    return { kind: 'assign', name, value: parseWhole(cursor, parseValue) };
  }

  private jump(kind: 'break' | 'continue', { args }: Tag): TemplateNode {
    this.cursor(args).end();
    if (this.loops > 0) return { kind };
    throw this.syntax(`"{% ${kind} %}" belongs inside a "{% for %}".`);
  }

  private condition(kind: 'if' | 'unless', tag: Tag, depth: number): ConditionNode {
    const branches: Branch[] = [];
    const read = (args: string): void => {
      const test = parseWhole(this.cursor(args), parseValue);
      branches.push({ test, body: this.block(depth + 1) });
    };
    read(tag.args);
    for (let next = this.take('elsif'); next !== undefined; next = this.take('elsif')) read(next.args);
    const otherwise = this.otherwise(depth);
    this.close(kind);
    return { kind, branches, otherwise };
  }

  private case(tag: Tag, depth: number): CaseNode {
    const subject = parseWhole(this.cursor(tag.args), parseValue);
    const before = this.block(depth + 1);
    if (before.some((node) => node.kind !== 'text' || node.text.trim() !== '')) {
      throw this.syntax('Nothing may stand between "{% case %}" and its first "{% when %}".');
    }
    const branches: CaseNode['branches'][number][] = [];
    for (let next = this.take('when'); next !== undefined; next = this.take('when')) {
      branches.push({ values: this.alternatives(next.args), body: this.block(depth + 1) });
    }
    const otherwise = this.otherwise(depth);
    this.close('case');
    return { kind: 'case', subject, branches, otherwise };
  }

  private alternatives(args: string): Operand[] {
    const cursor = this.cursor(args);
    const values: Operand[] = [];
    do values.push(parseOperand(cursor));
    while (cursor.take('sign', ',') ?? cursor.take('operator', 'or'));
    cursor.end();
    return values;
  }

  private loop(tag: Tag, depth: number): LoopNode {
    const cursor = this.cursor(tag.args);
    const variable = cursor.expect('word').text;
    cursor.expect('word', 'in');
    const source = parseOperand(cursor);
    const modifiers = parseModifiers(cursor);
    cursor.end();
    this.loops += 1;
    const body = this.block(depth + 1);
    this.loops -= 1;
    const otherwise = this.otherwise(depth);
    this.close('for');
    return { kind: 'for', variable, source, ...modifiers, body, otherwise };
  }

  private otherwise(depth: number): TemplateNode[] {
    const tag = this.take('else');
    if (tag === undefined) return [];
    this.cursor(tag.args).end();
    return this.block(depth + 1);
  }

  private close(name: string): void {
    const tag = this.take(`end${name}`);
    if (tag !== undefined) return this.cursor(tag.args).end();
    const found = this.tag();
    const where = found === undefined ? '' : `, but "{% ${found.name} %}" follows`;
    throw this.syntax(`A "{% ${name} %}" is not closed by "{% end${name} %}"${where}.`);
  }

  private tag(): Tag | undefined {
    const token = this.tokens[this.position];
    return token?.kind === 'tag' ? token : undefined;
  }

  private take(name: string): Tag | undefined {
    const tag = this.tag();
    if (tag?.name !== name) return undefined;
    this.position += 1;
    return tag;
  }

  private cursor(source: string): TokenCursor {
    return new TokenCursor(source, this.path);
  }

  private syntax(problem: string): TemplateError {
    return new TemplateError('TEMPLATE_SYNTAX', this.path, problem);
  }
}

function parseWhole<T>(cursor: TokenCursor, parse: (cursor: TokenCursor) => T): T {
  const parsed = parse(cursor);
  cursor.end();
  return parsed;
}

function parseModifiers(cursor: TokenCursor): Pick<LoopNode, 'limit' | 'offset' | 'reversed'> {
  const found: { limit: Operand | null; offset: Operand | null; reversed: boolean } = {
    limit: null,
    offset: null,
    reversed: false,
  };
  while (cursor.next !== undefined) {
    cursor.take('sign', ',');
    const name = cursor.expect('word').text;
    if (name === 'reversed') found.reversed = true;
    else if (name === 'limit' || name === 'offset') {
      cursor.expect('sign', ':');
      found[name] = parseOperand(cursor);
    } else throw cursor.problem(`a loop has no "${shown(name)}", only limit, offset and reversed`);
  }
  return found;
}
