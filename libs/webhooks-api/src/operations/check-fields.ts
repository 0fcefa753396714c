import { RequestInvalidError, type RequestIssue } from '../problems/request-invalid-error.js';
import { fieldProblem } from './field-problem.js';
import type { Field, Fields } from './fields.js';

type Values = Readonly<Record<string, unknown>>;

/** To name thousands helps nobody. */
const MAX_NAMED = 20;

/**
 * A query as its operation takes it: numbers and flags are read from their texts.
 *
 * @throws RequestInvalidError naming every parameter that is wrong
 */
export function readQuery(query: unknown, fields: Fields): Values {
  const given = Object.entries((query ?? {}) as Values);
  const read = given.map(([name, value]) => [name, readValue(value, ownField(fields, name))]);
  return checkFields(Object.fromEntries(read) as Values, fields, 'parameter');
}

/**
 * A body as its operation takes it. Nothing at all is an empty one.
 *
 * @throws RequestInvalidError naming every member that is wrong
 */
export function readBody(body: unknown, fields: Fields): Values {
  if (body === undefined || body === null) return checkFields({}, fields, 'member');
  if (typeof body === 'object' && !Array.isArray(body)) return checkFields(body as Values, fields, 'member');
  throw new RequestInvalidError([{ path: 'body', message: 'It must be a JSON object.' }]);
}

function checkFields(values: Values, fields: Fields, kind: string): Values {
  const strangers = Object.keys(values).filter((name) => !ownField(fields, name));
  const known = Object.keys(fields).join(', ') || 'none';
  const issues: RequestIssue[] = strangers.slice(0, MAX_NAMED).map((path) => ({
    path,
    message: `There is no such ${kind}; there is ${known}.`,
  }));
  for (const [path, field] of Object.entries(fields)) {
    const message = fieldProblem(values[path], field);
    if (message !== null) issues.push({ path, message });
  }
  const [first, ...more] = issues;
  if (first) throw new RequestInvalidError([first, ...more]);
  return values;
}

function ownField(fields: Fields, name: string): Field | undefined {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

// What cannot be read stays a text, for which the check has the right words.
function readValue(value: unknown, field: Field | undefined): unknown {
  if (typeof value !== 'string' || !field) return value;
  if (field.type === 'integer' && /^-?\d{1,15}$/.test(value)) return Number(value);
  if (field.type === 'boolean' && /^(true|false)$/.test(value)) return value === 'true';
  return field.type === 'array' ? value.split(',') : value;
}
