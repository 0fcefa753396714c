import type { Field } from './fields.js';

type Judge = (value: unknown, field: Field) => string | null;

/** A text that PostgreSQL cannot store is in no column. */
const NUL = '\0';
const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;

const JUDGES: Readonly<Record<Field['type'], Judge>> = {
  string: problemOfText,
  integer: problemOfNumber,
  number: problemOfNumber,
  boolean: (value) => (typeof value === 'boolean' ? null : 'It must be true or false.'),
  array: problemOfList,
  object: (value) => (typeof value === 'object' && !Array.isArray(value) ? null : 'It must be an object.'),
};

/** What is wrong with a value and the way out; null: nothing. */
export function fieldProblem(value: unknown, field: Field): string | null {
  if (value === undefined) return field.required ? 'It is missing.' : null;
  if (value === null) return field.nullable ? null : 'It must not be null: leave it out.';
  return JUDGES[field.type](value, field);
}

function problemOfText(value: unknown, field: Field): string | null {
  if (typeof value !== 'string') return 'It must be a text, given once.';
  if (field.enum) return field.enum.includes(value) ? null : `It must be one of ${field.enum.join(', ')}.`;
  if (field.format === 'date-time') return problemOfTime(value);
  return problemOfLength(value, field.maxLength ?? Infinity);
}

function problemOfLength(value: string, max: number): string | null {
  if (value === '' || value.length > max) return `It must have 1 to ${max} characters.`;
  return value.includes(NUL) ? 'It must not hold the character U+0000.' : null;
}

function problemOfTime(value: string): string | null {
  const isTime = ISO_TIME.test(value) && !Number.isNaN(Date.parse(value));
  return isTime ? null : 'It must be a time of ISO 8601 with its zone: 2026-04-18T09:45:00Z.';
}

function problemOfNumber(value: unknown, field: Field): string | null {
  const { minimum = 0, maximum = Number.MAX_SAFE_INTEGER } = field;
  const isIn = Number.isInteger(value) && Number(value) >= minimum && Number(value) <= maximum;
  return isIn ? null : `It must be a whole number from ${minimum} to ${maximum}.`;
}

function problemOfList(value: unknown, { items, maxItems = Infinity }: Field): string | null {
  if (!Array.isArray(value)) return 'It must be a list.';
  if (value.length === 0 || value.length > maxItems) return `It must have 1 to ${maxItems} entries.`;
  const problems = items ? value.map((each) => fieldProblem(each, items)) : [];
  return problems.find((problem) => problem !== null) ?? null;
}
