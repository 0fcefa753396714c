import { isHeaderName, isHeaderValue, isReservedHeader } from '../templates/header-rules.js';
import type { Authentication } from './authentication.js';
import type { InputIssues } from './input-issues.js';
import { isRecord } from './parse-fields.js';

const MAX_LENGTH = 4_096;
const CONTROLS = /[\p{Cc}\p{Surrogate}]/u;
/** RFC 6750: b68token. A mask passes: what it stands for has been checked. */
const TOKEN = /^(?:[A-Za-z0-9._~+/-]+=*|\*{8})$/;

type Check = (text: string) => string | null;
type Members = Readonly<Record<string, Check>>;
type Given = Readonly<Record<string, unknown>>;

const userName: Check = (text) =>
  text.includes(':') ? 'It holds ":", which ends a user name in HTTP Basic.' : controlProblem(text);
const token: Check = (text) =>
  TOKEN.test(text) ? null : 'It must be letters, digits and "._~+/-", as RFC 6750 has it: without "Bearer".';
const headerValue: Check = (text) => (isHeaderValue(text) ? null : 'It must be printable ASCII.');

/** The members of each kind. */
const MEMBERS: Readonly<Record<Authentication['type'], Members>> = {
  basic: { username: userName, password: controlProblem },
  bearer: { token },
  header: { name: headerNameProblem, value: headerValue },
};
const FORM =
  '{ "type": "basic", username, password }, { "type": "bearer", token } or { "type": "header", name, value }';

/** How requests log in; absent and null are the same. What it says of a value never quotes it. */
export function parseAuthentication(value: unknown, issues: InputIssues): Authentication | null {
  if (value === undefined || value === null) return null;
  const { type, ...given } = isRecord(value) ? value : {};
  const [, members] = Object.entries(MEMBERS).find(([name]) => name === type) ?? [];
  if (!members) {
    issues.add('authentication', `It must be ${FORM}.`);
    return null;
  }
  checkMembers(given, members, issues);
  return value as Authentication;
}

function checkMembers(given: Given, members: Members, issues: InputIssues): void {
  const known = Object.keys(members);
  for (const name of Object.keys(given).filter((each) => !known.includes(each)))
    issues.add(`authentication.${name}`, `There is no such member; there is ${known.join(', ')}.`);
  for (const [name, check] of Object.entries(members)) {
    const problem = textProblem(given[name]) ?? check(given[name] as string);
    if (problem !== null) issues.add(`authentication.${name}`, problem);
  }
}

function textProblem(value: unknown): string | null {
  if (typeof value !== 'string') return 'It must be a text.';
  if (value === '') return 'It is empty.';
  return value.length > MAX_LENGTH ? `It has more than ${MAX_LENGTH} characters.` : null;
}

function controlProblem(text: string): string | null {
  return CONTROLS.test(text) ? 'It holds control characters or half of a surrogate pair.' : null;
}

function headerNameProblem(name: string): string | null {
  if (!isHeaderName(name)) return 'It is not a header name.';
  return isReservedHeader(name) ? 'This header is written by the dispatcher alone.' : null;
}
