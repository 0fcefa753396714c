import type { SecretValues } from '../templates/rendering.js';
import type { InputIssues } from './input-issues.js';
import { isRecord } from './parse-fields.js';

const NAME = /^[A-Za-z_]\w{0,63}$/;
const MAX_SECRETS = 20;
const MAX_BYTES = 4_096;
const LONE_SURROGATE = /\p{Surrogate}/u;

/** A flat object of secret texts, by name. What it says of a value never quotes it. */
export function parseTemplateSecrets(value: unknown, issues: InputIssues): SecretValues {
  if (value === undefined || value === null) return {};
  if (!isRecord(value)) {
    issues.add('template_secrets', 'It must be an object of texts: { "API_KEY": "…" }.');
    return {};
  }
  const entries = Object.entries(value);
  if (entries.length > MAX_SECRETS) {
    issues.add('template_secrets', `It has more than ${MAX_SECRETS} secrets.`);
  }
  for (const [name, each] of entries) {
    const problem = NAME.test(name) ? valueProblem(each) : nameProblem();
    if (problem !== null) issues.add(`template_secrets.${name}`, problem);
  }
  return value as Record<string, string>;
}

function nameProblem(): string {
  return 'A name has letters, digits and "_", begins with no digit, and has at most 64 characters.';
}

function valueProblem(value: unknown): string | null {
  if (typeof value !== 'string') return 'It must be a text.';
  // An empty password is one that somebody may accept.
  if (value === '') return 'It is empty: give a text, or leave it out.';
  if (Buffer.byteLength(value) > MAX_BYTES) return `It has more than ${MAX_BYTES} bytes.`;
  return LONE_SURROGATE.test(value) ? 'It holds half of a surrogate pair.' : null;
}
