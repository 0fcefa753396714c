import { TemplateError } from '../errors/template-error.js';
import type { Rendering } from './rendering.js';

/** The event as a subscriber receives it: plain JSON, never written to. */
export type EventData = Readonly<Record<string, unknown>>;

/** Computes one value from the event and the secrets. */
export type Evaluate = (rendering: Rendering) => unknown;

/** One compiled template string, whatever language it was written in. */
export interface Leaf {
  /** Where in the request it stands. */
  readonly path: string;
  /** One placeholder and nothing else: its value keeps its JSON type. */
  readonly exact: boolean;
  /** Literal text as it is, and what to compute between. */
  readonly parts: readonly (string | Evaluate)[];
  /** Some of it has to run under the time limit. */
  readonly needsEngine: boolean;
  /** What it computes is encoded for its place already. */
  readonly isEncoded?: boolean;
}

/** Characters that one rendered text may have; a template could repeat a large value thousands of times. */
export const RENDERED_LIMIT = 262_144;

/** What a value looks like within text: null is empty, lists and objects are compact JSON. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'object') return value === null ? '' : jsonOf(value);
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : '';
  return typeof value === 'boolean' ? String(value) : '';
}

/** What JSON has to escape, and lone surrogates, which pairs are taken for here too. */
const NOT_AS_IT_IS = /["\\\u0000-\u001f\ud800-\udfff]/;
/** Beyond this the search costs more than it spares. */
const SHORT = 256;

/** What a value looks like in a JSON body; what JSON cannot say is null. */
export function jsonOf(value: unknown): string {
  // The common values by hand: a body has dozens of them, and each call of JSON.stringify costs 100 ns.
  if (typeof value === 'string' && value.length < SHORT && !NOT_AS_IT_IS.test(value)) return `"${value}"`;
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  return (JSON.stringify(value) as string | undefined) ?? 'null';
}

/** The text of a leaf that computes nothing, or null. */
export function literalText(leaf: Leaf): string | null {
  return leaf.parts.every((part) => typeof part === 'string') ? leaf.parts.join('') : null;
}

/** Renders a leaf to text. */
export function renderText(leaf: Leaf, rendering: Rendering): string {
  let text = '';
  for (const part of leaf.parts) {
    text += typeof part === 'string' ? part : textOf(part(rendering));
    checkLength(text, leaf.path);
  }
  return text;
}

/** @throws TemplateError TEMPLATE_RENDER_LIMIT */
export function checkLength(text: string, path: string): void {
  if (text.length <= RENDERED_LIMIT) return;
  const problem = `The rendered text is longer than ${RENDERED_LIMIT} characters. Send less of the event.`;
  throw new TemplateError('TEMPLATE_RENDER_LIMIT', path, problem);
}

/** Turns whatever a rendering threw into a TemplateError that says where. */
export function renderFailure(cause: unknown, path: string): TemplateError {
  if (cause instanceof TemplateError) return cause;
  const problem = 'The value cannot be rendered: the event is not plain JSON.';
  return new TemplateError('TEMPLATE_RENDER_FAILED', path, problem, { cause });
}
