import { TemplateError } from '../errors/template-error.js';
import { nearest } from '../internal/nearest.js';

/** HTTP methods a subscriber may choose. */
export const HTTP_METHODS = ['POST', 'PUT', 'PATCH', 'GET', 'DELETE'] as const;

/** One of the methods a subscriber may choose. */
export type HttpMethod = (typeof HTTP_METHODS)[number];

/** Bytes of JSON that one `http_request` may have. */
export const REQUEST_LIMIT = 65_536;

/** An `http_request` whose members are known; what they hold is not checked yet. */
export interface RequestForm {
  readonly method: HttpMethod;
  readonly url: unknown;
  readonly header: Readonly<Record<string, unknown>>;
  /** The one body it has, if any: what a JSON text can hold. */
  readonly json_body?: unknown;
  readonly form_body?: unknown;
  readonly raw_body?: unknown;
  /** Of a raw body. */
  readonly content_type?: unknown;
}

const ROOT = 'http_request';
const BODIES = ['json_body', 'form_body', 'raw_body'];
const MEMBERS = ['method', 'url', 'header', ...BODIES, 'content_type'];

/**
 * Checks the outer form of an `http_request` and takes a copy of it, as JSON would carry it.
 *
 * @throws TemplateError TEMPLATE_SYNTAX, TEMPLATE_TOO_LARGE
 */
export function readRequestForm(httpRequest: unknown): RequestForm {
  const request = copyOf(httpRequest);
  if (!isObject(request)) throw syntax(ROOT, 'The request must be an object with a url.');
  for (const member of Object.keys(request)) checkMember(member);
  checkBodies(Object.keys(request));
  const { method = 'POST', header = {}, ...rest } = request;
  if (!isMethod(method)) throw unknownMethod(method);
  if (!isObject(header)) throw syntax('header', 'The headers must be an object of names and values.');
  return { ...rest, method, url: request['url'], header };
}

function copyOf(httpRequest: unknown): unknown {
  const json = serialised(httpRequest) ?? 'null';
  if (Buffer.byteLength(json) <= REQUEST_LIMIT) return JSON.parse(json) as unknown;
  const problem = `The request is larger than ${REQUEST_LIMIT} bytes as JSON. Make it smaller.`;
  throw new TemplateError('TEMPLATE_TOO_LARGE', ROOT, problem);
}

function serialised(value: unknown): string | undefined {
  try {
    return JSON.stringify(value) as string | undefined;
  } catch (cause) {
    throw new TemplateError('TEMPLATE_SYNTAX', ROOT, 'The request cannot be written as JSON.', { cause });
  }
}

function checkMember(member: string): void {
  if (MEMBERS.includes(member)) return;
  const problem = `A request has no such member; it has ${MEMBERS.join(', ')}.`;
  throw syntax(member, problem, nearest(member, MEMBERS));
}

function checkBodies(members: readonly string[]): void {
  const [body, another] = members.filter((member) => BODIES.includes(member));
  if (another !== undefined) throw syntax(another, `A request has one body, and "${body}" is one already.`);
  if (!members.includes('content_type') || body === 'raw_body') return;
  throw syntax('content_type', 'Only a raw_body has a content_type; others say it in a header.');
}

function unknownMethod(method: unknown): TemplateError {
  const suggestion = typeof method === 'string' ? nearest(method, HTTP_METHODS) : undefined;
  return syntax('method', `The method must be one of ${HTTP_METHODS.join(', ')}.`, suggestion);
}

function isMethod(method: unknown): method is HttpMethod {
  return HTTP_METHODS.some((known) => known === method);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function syntax(path: string, problem: string, suggestion?: string): TemplateError {
  return new TemplateError('TEMPLATE_SYNTAX', path, problem, { suggestion });
}
