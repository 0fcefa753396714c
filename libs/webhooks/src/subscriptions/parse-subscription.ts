import { SubscriptionInvalidError } from '../errors/subscription-invalid-error.js';
import { nearest } from '../internal/nearest.js';
import { ALL_TENANTS, DEFAULT_TENANT } from '../internal/tenants.js';
import { parseFilter } from './content/parse-filter.js';
import { InputIssues } from './input-issues.js';
import { parseAuthentication } from './parse-authentication.js';
import { parseEventTypes } from './parse-event-types.js';
import { parseProjection } from './content/parse-projection.js';
import { isRecord, parseMetadata, parseText } from './parse-fields.js';
import { parseLimits } from './parse-limits.js';
import { parseTemplateSecrets } from './parse-template-secrets.js';
import type { SubscriptionDraft } from './subscription-input.js';
import { SIGNATURE_SCHEMES, type SignatureScheme } from './signing-keys.js';
import type { SubscriptionState } from './subscription-record.js';
import type { HttpRequest } from './subscription.js';

type Input = Readonly<Record<string, unknown>>;

const SHORTHAND = ['url', 'method', 'headers'];
const MEMBERS = [
  ...['tenant', 'uid', 'event_types', 'http_request', ...SHORTHAND, 'template_secrets'],
  ...['authentication', 'signatures'],
  ...['fields', 'filter', 'ordering', 'secret', 'description', 'metadata', 'limits', 'state'],
];
const STATES: readonly SubscriptionState[] = ['enabled', 'paused', 'disabled'];
/** To find the nearest name for thousands would take seconds. */
const MAX_NAMED = 20;
const NAME = { max: 200 };
const DESCRIPTION = { max: 2_000, multiline: true };

/**
 * Reads the input for a new subscription.
 *
 * @throws SubscriptionInvalidError naming everything that is wrong
 */
export function parseSubscription(input: unknown): SubscriptionDraft {
  if (!isRecord(input)) {
    const message = 'A subscription is an object: { "http_request": { "url": "https://…" } }.';
    throw new SubscriptionInvalidError([{ path: 'subscription', message }]);
  }
  const issues = new InputIssues();
  const strangers = Object.keys(input).filter((member) => !MEMBERS.includes(member));
  for (const member of strangers.slice(0, MAX_NAMED)) refuseMember(member, issues);
  const draft: SubscriptionDraft = {
    tenant: parseTenant(input.tenant, issues),
    uid: parseText(input.uid, 'uid', issues, NAME),
    state: parseState(input.state, issues),
    eventTypes: parseEventTypes(input.event_types, issues),
    httpRequest: parseRequest(input, issues),
    templateSecrets: parseTemplateSecrets(input.template_secrets, issues),
    authentication: parseAuthentication(input.authentication, issues),
    signatures: parseSignatures(input.signatures, issues),
    fields: parseProjection(input.fields, issues),
    filter: parseFilter(input.filter, issues),
    ordering: parseOrdering(input.ordering, issues),
    secret: parseText(input.secret, 'secret', issues, NAME),
    description: parseText(input.description, 'description', issues, DESCRIPTION),
    metadata: parseMetadata(input.metadata, issues),
    limits: parseLimits(input.limits, issues),
  };
  issues.throwIfAny();
  return draft;
}

function refuseMember(member: string, issues: InputIssues): void {
  const suggestion = nearest(member, MEMBERS);
  const hint = suggestion === undefined ? `It has ${MEMBERS.join(', ')}.` : `Did you mean "${suggestion}"?`;
  issues.add(member, `A subscription has no such member. ${hint}`);
}

function parseTenant(value: unknown, issues: InputIssues): string {
  const tenant = parseText(value, 'tenant', issues, NAME);
  if (tenant === ALL_TENANTS) {
    issues.add('tenant', `"${ALL_TENANTS}" is for events: a subscription belongs to one tenant.`);
  }
  return tenant ?? DEFAULT_TENANT;
}

function parseOrdering(value: unknown, issues: InputIssues): 'subject' | null {
  if (value === undefined || value === null) return null;
  if (value !== 'subject') issues.add('ordering', 'It must be "subject", or be left out.');
  return 'subject';
}

function parseSignatures(value: unknown, issues: InputIssues): readonly SignatureScheme[] {
  if (value === undefined || value === null) return ['v1'];
  const given = Array.isArray(value) ? (value as unknown[]) : [];
  const chosen = SIGNATURE_SCHEMES.filter((scheme) => given.includes(scheme));
  if (chosen.length === 0 || chosen.length !== given.length)
    issues.add('signatures', 'It must be ["v1"], ["v1a"] or ["v1", "v1a"].');
  return chosen;
}

function parseState(value: unknown, issues: InputIssues): SubscriptionState {
  const state = STATES.find((each) => each === value);
  if (state === undefined && value !== undefined)
    issues.add('state', `It must be one of ${STATES.join(', ')}.`);
  return state ?? 'enabled';
}

// Only whose members are whose is decided here: the template judges the request itself.
function parseRequest(input: Input, issues: InputIssues): HttpRequest {
  const shorthand = SHORTHAND.find((name) => input[name] !== undefined);
  if (input.http_request === undefined) {
    if (input.url === undefined) issues.add('http_request', 'It is missing: give { "url": "https://…" }.');
    const { url, method, headers } = input;
    return {
      url,
      ...(method !== undefined && { method }),
      ...(headers !== undefined && { header: headers }),
    };
  }
  if (shorthand !== undefined) issues.add(shorthand, 'It is a part of http_request: do not give both.');
  if (isRecord(input.http_request)) return input.http_request;
  issues.add('http_request', 'It must be an object: { "url": "https://…" }.');
  return {};
}
