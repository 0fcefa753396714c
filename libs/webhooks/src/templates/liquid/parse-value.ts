import type { PathKey } from '../plain-path.js';
import type { FilterNode, Operand, OperatorNode, PathNode, ValueNode } from './syntax-tree.js';
import type { TokenCursor } from './token-cursor.js';

const LITERAL_WORDS = new Set(['true', 'false', 'nil', 'null', 'empty', 'blank']);
const DEEPEST_INDEX = 8;
const LONGEST_INDEX = 999_999_999;

/**
 * Reads `expression | filter: argument | …`. Stricter than the engine, which skips what it does not understand.
 *
 * @throws TemplateError TEMPLATE_SYNTAX
 */
export function parseValue(cursor: TokenCursor): ValueNode {
  const terms = parseTerms(cursor);
  const filters: FilterNode[] = [];
  while (cursor.take('sign', '|')) filters.push(parseFilter(cursor));
  return { terms, filters };
}

function parseTerms(cursor: TokenCursor): (Operand | OperatorNode)[] {
  const terms: (Operand | OperatorNode)[] = [];
  for (;;) {
    while (cursor.take('operator', 'not')) terms.push({ kind: 'operator', operator: 'not' });
    terms.push(parseOperand(cursor));
    const operator = cursor.next?.text === 'not' ? undefined : cursor.take('operator');
    if (operator === undefined) return terms;
    terms.push({ kind: 'operator', operator: operator.text });
  }
}

function parseFilter(cursor: TokenCursor): FilterNode {
  const name = cursor.expect('word').text;
  const args: Operand[] = [];
  const named: [string, Operand][] = [];
  if (!cursor.take('sign', ':')) return { name, args, named };
  do {
    const operand = parseOperand(cursor);
    if (!cursor.take('sign', ':')) args.push(operand);
    else if (operand.kind === 'path' && typeof operand.keys[0] === 'string' && operand.keys.length === 1)
      named.push([operand.keys[0], parseOperand(cursor)]);
    else throw cursor.unexpected('the name of an argument');
  } while (cursor.take('sign', ','));
  return { name, args, named };
}

/** @throws TemplateError TEMPLATE_SYNTAX */
export function parseOperand(cursor: TokenCursor, depth = 0): Operand {
  const string = cursor.take('string');
  if (string) return { kind: 'string', value: string.text };
  const number = cursor.take('number');
  if (number) return { kind: 'number', value: Number(number.text) };
  if (cursor.take('sign', '(')) return parseRange(cursor);
  const word = cursor.expect('word').text;
  if (LITERAL_WORDS.has(word)) return { kind: 'word', word };
  return parsePath(cursor, word, depth);
}

function parseRange(cursor: TokenCursor): Operand {
  const from = parseBound(cursor);
  cursor.expect('sign', '..');
  const to = parseBound(cursor);
  cursor.expect('sign', ')');
  return { kind: 'range', from, to };
}

function parseBound(cursor: TokenCursor): Operand {
  // Asked before it is read: ranges of ranges would nest without end.
  const isRange = cursor.next?.text === '(';
  const bound = isRange ? null : parseOperand(cursor);
  if (bound?.kind === 'number' || bound?.kind === 'path') return bound;
  throw cursor.problem('a range runs between two numbers or fields');
}

function parsePath(cursor: TokenCursor, first: string, depth: number): PathNode {
  if (depth > DEEPEST_INDEX) throw cursor.problem('its indexes are nested too deeply');
  const keys: (PathKey | PathNode)[] = [first];
  while (cursor.isAttached) {
    if (cursor.take('sign', '.')) keys.push(parseName(cursor));
    else if (cursor.take('sign', '[')) keys.push(parseIndex(cursor, depth));
    else break;
  }
  return { kind: 'path', keys };
}

function parseName(cursor: TokenCursor): string {
  const name = cursor.isAttached ? (cursor.take('word') ?? cursor.take('operator')) : undefined;
  if (name === undefined || !/^[\p{L}_]/u.test(name.text)) throw cursor.unexpected('a name');
  return name.text;
}

function parseIndex(cursor: TokenCursor, depth: number): PathKey | PathNode {
  const index = parseOperand(cursor, depth + 1);
  cursor.expect('sign', ']');
  if (index.kind === 'path') return index;
  if (index.kind === 'string') return index.value;
  const fits = index.kind === 'number' && Number.isInteger(index.value);
  if (fits && Math.abs(index.value) <= LONGEST_INDEX) return index.value;
  throw cursor.problem('an index is a whole number, a name in quotes, or a field');
}
