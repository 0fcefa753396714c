import type { PathKey } from '../plain-path.js';

/** A field of the event, a local variable, or a property of one. */
export interface PathNode {
  readonly kind: 'path';
  /** A path as key is an index computed at send time: `segments[i]`. */
  readonly keys: readonly (PathKey | PathNode)[];
}

/** `true`, `false`, `nil`, `null`, `empty` or `blank`. */
export interface WordNode {
  readonly kind: 'word';
  readonly word: string;
}

/** One value without operators and filters. */
export type Operand =
  | PathNode
  | WordNode
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'range'; readonly from: Operand; readonly to: Operand };

/** `==`, `and`, `contains` … */
export interface OperatorNode {
  readonly kind: 'operator';
  readonly operator: string;
}

/** `| default: 'none', allow_false: true` */
export interface FilterNode {
  readonly name: string;
  readonly args: readonly Operand[];
  readonly named: readonly (readonly [name: string, value: Operand])[];
}

/** What may stand between `{{` and `}}`. */
export interface ValueNode {
  /** Operands and operators in the written order. */
  readonly terms: readonly (Operand | OperatorNode)[];
  readonly filters: readonly FilterNode[];
}

/** A condition and what it shows. */
export interface Branch {
  readonly test: ValueNode;
  readonly body: readonly TemplateNode[];
}

/** `{% for variable in source %}` */
export interface LoopNode {
  readonly kind: 'for';
  readonly variable: string;
  readonly source: Operand;
  readonly limit: Operand | null;
  readonly offset: Operand | null;
  readonly reversed: boolean;
  readonly body: readonly TemplateNode[];
  readonly otherwise: readonly TemplateNode[];
}

/** `{% if %}` and `{% unless %}` */
export interface ConditionNode {
  readonly kind: 'if' | 'unless';
  readonly branches: readonly Branch[];
  readonly otherwise: readonly TemplateNode[];
}

/** `{% case %}` */
export interface CaseNode {
  readonly kind: 'case';
  readonly subject: ValueNode;
  readonly branches: readonly {
    readonly values: readonly Operand[];
    readonly body: readonly TemplateNode[];
  }[];
  readonly otherwise: readonly TemplateNode[];
}

/** One piece of a template. */
export type TemplateNode =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'output'; readonly value: ValueNode }
  | { readonly kind: 'assign'; readonly name: string; readonly value: ValueNode }
  | { readonly kind: 'break' | 'continue' }
  | ConditionNode
  | CaseNode
  | LoopNode;
