import type { InputIssues } from './input-issues.js';

/** What a text may look like. */
export interface TextRule {
  readonly max: number;
  readonly multiline?: boolean;
}

const CONTROLS = /[\p{Cc}\p{Surrogate}]/u;
const LINE_BREAKS = /[\t\n\r]/g;
const METADATA_KEYS = 50;
const METADATA_BYTES = 8_192;

/** An object as JSON has it. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A text that may be missing: absent and null are the same. */
export function parseText(value: unknown, path: string, issues: InputIssues, rule: TextRule): string | null {
  if (value === undefined || value === null) return null;
  const problem = textProblem(value, rule);
  if (problem !== null) issues.add(path, problem);
  return problem === null ? (value as string) : null;
}

function textProblem(value: unknown, { max, multiline }: TextRule): string | null {
  if (typeof value !== 'string') return 'It must be a text.';
  if (value.trim() === '') return 'It is empty: give a text, or leave it out.';
  if (value.length > max) return `It has more than ${max} characters.`;
  const text = multiline ? value.replace(LINE_BREAKS, '') : value;
  return CONTROLS.test(text) ? 'It holds control characters or half of a surrogate pair.' : null;
}

/** A flat object of texts. */
export function parseMetadata(value: unknown, issues: InputIssues): Record<string, string> {
  if (value === undefined || value === null) return {};
  if (!isRecord(value)) {
    issues.add('metadata', 'It must be an object of texts: { "team": "billing" }.');
    return {};
  }
  checkMetadata(value, issues);
  return value as Record<string, string>;
}

function checkMetadata(value: Record<string, unknown>, issues: InputIssues): void {
  const entries = Object.entries(value);
  const strangers = entries.filter(([, each]) => typeof each !== 'string');
  for (const [name] of strangers)
    issues.add(`metadata.${name}`, 'It must be a text: write numbers in quotes.');
  if (entries.length > METADATA_KEYS) issues.add('metadata', `It has more than ${METADATA_KEYS} keys.`);
  if (strangers.length === 0 && byteLength(value) > METADATA_BYTES) {
    issues.add('metadata', `It is larger than ${METADATA_BYTES} bytes as JSON.`);
  }
}

/** Whether a value is a whole number within bounds. */
export function isWholeNumber(value: unknown, min: number, max: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max;
}

function byteLength(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
