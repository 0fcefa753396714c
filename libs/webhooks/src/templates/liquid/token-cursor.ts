import { TemplateError } from '../../errors/template-error.js';

/** One token of an expression. */
export interface ExpressionToken {
  readonly kind: 'string' | 'number' | 'word' | 'operator' | 'sign';
  /** As written; a string without its quotes and escapes. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const BLANKS = /\s+/y;
const RULES = [
  ['string', /"(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\]|\\[\s\S])*'/y],
  ['number', /-?(?:0|[1-9]\d{0,15})(?:\.\d{1,16})?(?![\p{L}\p{N}_])/uy],
  ['word', /[\p{L}_][\p{L}\p{N}_-]*/uy],
  ['operator', /==|!=|>=|<=|>|</y],
  ['sign', /\.\.|[|:,.()[\]=]/y],
] as const;

const WORD_OPERATORS = new Set(['and', 'or', 'not', 'contains']);
const ESCAPES: Readonly<Record<string, string>> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};
const SHOWN = 80;

/** Shortens what an error message quotes. */
export function shown(source: string): string {
  return source.length > SHOWN ? `${source.slice(0, SHOWN)}…` : source;
}

/** Reads the tokens of one `{{ … }}` or `{% … %}`, one after the other. */
export class TokenCursor {
  private readonly tokens: ExpressionToken[] = [];
  private position = 0;

  /**
   * @param source what stands between the braces
   * @param path where in the request, for errors
   * @throws TemplateError TEMPLATE_SYNTAX
   */
  constructor(
    readonly source: string,
    readonly path: string,
  ) {
    for (let at = skipBlanks(source, 0); at < source.length; at = skipBlanks(source, at)) {
      const token = tokenAt(source, at);
      if (token === null) throw this.problem(`"${shown(source.slice(at))}" cannot be read`);
      this.tokens.push(token);
      at = token.end;
    }
  }

  get next(): ExpressionToken | undefined {
    return this.tokens[this.position];
  }

  /** Whether the next token stands right behind the last one, without a blank. */
  get isAttached(): boolean {
    return this.tokens[this.position - 1]?.end === this.next?.start;
  }

  /** Takes the next token if it is of that kind (and text). */
  take(kind: ExpressionToken['kind'], text?: string): ExpressionToken | undefined {
    const token = this.next;
    if (token?.kind !== kind || (text !== undefined && token.text !== text)) return undefined;
    this.position += 1;
    return token;
  }

  /** @throws TemplateError when the next token is another one */
  expect(kind: ExpressionToken['kind'], text?: string): ExpressionToken {
    const token = this.take(kind, text);
    if (token === undefined) throw this.unexpected(text === undefined ? `a ${kind}` : `"${text}"`);
    return token;
  }

  /** @throws TemplateError when something is left */
  end(): void {
    if (this.next !== undefined) throw this.unexpected('the end');
  }

  unexpected(wanted: string): TemplateError {
    const { next } = this;
    const found =
      next === undefined ? 'it ends' : `there is "${shown(this.source.slice(next.start, next.end))}"`;
    return this.problem(`${wanted} is expected where ${found}`);
  }

  problem(problem: string): TemplateError {
    return new TemplateError('TEMPLATE_SYNTAX', this.path, `In "${shown(this.source)}": ${problem}.`);
  }
}

function skipBlanks(source: string, at: number): number {
  BLANKS.lastIndex = at;
  return BLANKS.test(source) ? BLANKS.lastIndex : at;
}

function tokenAt(source: string, start: number): ExpressionToken | null {
  for (const [kind, rule] of RULES) {
    rule.lastIndex = start;
    const text = rule.exec(source)?.[0];
    if (text === undefined) continue;
    const end = start + text.length;
    if (kind === 'string') return { kind, text: unescaped(text.slice(1, -1)), start, end };
    return { kind: WORD_OPERATORS.has(text) ? 'operator' : kind, text, start, end };
  }
  return null;
}

function unescaped(text: string): string {
  return text.replace(/\\(?:u([\da-fA-F]{4})|([\s\S]))/g, (_, code: string | undefined, character = '') =>
    code === undefined
      ? (ESCAPES[character as string] ?? (character as string))
      : String.fromCharCode(parseInt(code, 16)),
  );
}
