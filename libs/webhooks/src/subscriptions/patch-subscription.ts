import { isDeepStrictEqual } from 'node:util';
import { SubscriptionConflictError } from '../errors/subscription-conflict-error.js';
import { SubscriptionInvalidError } from '../errors/subscription-invalid-error.js';
import { InputIssues } from './input-issues.js';
import { isRecord } from './parse-fields.js';
import { parseSubscription } from './parse-subscription.js';
import type { SubscriptionDraft } from './subscription-input.js';
import type { SubscriptionView } from './subscription-view.js';

type Fields = Readonly<Record<string, unknown>>;

/** What a view shows and a patch cannot change, and what to do instead. */
const READ_ONLY: Readonly<Record<string, string>> = {
  id: 'An id stays.',
  tenant: 'A subscription stays with its tenant: create another one.',
  state: 'Use enable, disable, pause or resume.',
  state_reason: 'Use enable, disable, pause or resume.',
  secret: 'Use rotateSecret.',
  secrets: 'Use rotateSecret.',
  problem: 'It is found out when the subscription is read.',
  created_at: 'It is set when the subscription is created.',
  updated_at: 'It is set by every change.',
};
const REQUIRED = ['event_types', 'http_request', 'url', 'headers'];

/**
 * Applies a merge-patch (RFC 7396) to a subscription as it is shown. `http_request` is one unit (nulls inside a body
 * are literal), and so are `fields` and `filter`.
 *
 * @throws SubscriptionInvalidError naming everything that is wrong
 * @throws SubscriptionConflictError when the patch was made for another version
 */
export function patchSubscription(view: SubscriptionView, patch: unknown): SubscriptionDraft {
  if (!isRecord(patch)) {
    const message = 'A patch is an object: { "description": "…" }.';
    throw new SubscriptionInvalidError([{ path: 'subscription', message }]);
  }
  checkMembers(view, patch);
  const { version, ...changes } = patch;
  checkVersion(view, version);
  const writable = Object.entries(changes).filter(([name]) => !isReadOnly(name));
  return parseSubscription(merge(view, Object.fromEntries(writable)));
}

function checkMembers(view: SubscriptionView, patch: Fields): void {
  const issues = new InputIssues();
  for (const name of REQUIRED) if (patch[name] === null) issues.add(name, 'It cannot be removed.');
  if (!['number', 'undefined'].includes(typeof patch['version'])) {
    issues.add('version', 'It must be the number that was read.');
  }
  for (const [name, value] of Object.entries(patch)) {
    if (isReadOnly(name) && !isDeepStrictEqual(value, view[name as keyof SubscriptionView])) {
      issues.add(name, `It cannot be changed. ${READ_ONLY[name]}`);
    }
  }
  issues.throwIfAny();
}

function isReadOnly(name: string): boolean {
  return Object.hasOwn(READ_ONLY, name);
}

function checkVersion({ id, version }: SubscriptionView, expected: unknown): void {
  if (expected === undefined || expected === version) return;
  throw new SubscriptionConflictError(
    `The subscription ${id} has version ${version}, and the patch was made for version ${String(expected)}: ` +
      'read it again and repeat the change.',
  );
}

function merge(view: SubscriptionView, patch: Fields): Fields {
  const { url, method, headers, http_request: whole, ...rest } = patch;
  const { uid, event_types, fields, filter, ordering, description, tenant, authentication, signatures } =
    view;
  const isShort = url !== undefined || method !== undefined || headers !== undefined;
  const request =
    isShort && whole === undefined
      ? mergeRequest(view, { url, method, headers })
      : (whole ?? view.http_request);
  return {
    ...{ tenant, uid, event_types, fields, filter, ordering, description, authentication, signatures },
    ...rest,
    ...(isShort && whole !== undefined && { url, method, headers }),
    metadata: mergeFlat(view.metadata, patch.metadata),
    limits: mergeFlat(view.limits, patch.limits),
    template_secrets: mergeFlat(view.template_secrets, patch.template_secrets),
    http_request: request,
  };
}

function mergeRequest({ http_request }: SubscriptionView, { url, method, headers }: Fields): Fields {
  return {
    ...http_request,
    ...(url !== undefined && { url }),
    ...(method !== undefined && { method: method ?? undefined }),
    ...(headers !== undefined && { header: mergeFlat(http_request.header, headers) }),
  };
}

/** RFC 7396 for one level: null removes, what is no object replaces. */
function mergeFlat(target: unknown, patch: unknown): unknown {
  if (patch === undefined) return target;
  if (!isRecord(patch)) return patch;
  const merged = new Map(Object.entries(isRecord(target) ? target : {}));
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) merged.delete(name);
    else merged.set(name, value);
  }
  return Object.fromEntries(merged);
}
