import type { VerificationFailure } from '../src/signing/check-message.js';
import type { WebhookRefusalCode } from './errors/webhook-refused.exception.js';

/** Why a request was refused: for the log, never for its sender. */
export type RefusalReason = VerificationFailure | 'header-repeated' | 'unknown-sender' | 'body-not-json';

/** What a reason means to both sides. */
export interface Refusal {
  readonly code: WebhookRefusalCode;
  readonly text: string;
}

/** What the sender is told, and what the operator. */
export const REFUSALS: Readonly<Record<RefusalReason, Refusal>> = {
  'header-missing': {
    code: 'WEBHOOK_MALFORMED',
    text: 'webhook-id, webhook-timestamp or webhook-signature is missing',
  },
  'header-repeated': { code: 'WEBHOOK_MALFORMED', text: 'a signed header came more than once' },
  'id-invalid': {
    code: 'WEBHOOK_MALFORMED',
    text: 'webhook-id is not 1 to 255 visible ASCII characters without a full stop',
  },
  'timestamp-invalid': {
    code: 'WEBHOOK_MALFORMED',
    text: 'webhook-timestamp is no whole number of seconds',
  },
  'too-many-signatures': {
    code: 'WEBHOOK_MALFORMED',
    text: 'webhook-signature lists more than 32 signatures',
  },
  'body-not-json': { code: 'WEBHOOK_MALFORMED', text: 'it is well signed, but its body is not JSON' },
  'timestamp-out-of-tolerance': {
    code: 'WEBHOOK_UNVERIFIED',
    text: 'webhook-timestamp is too far from now: an old request was sent again, or a clock is wrong',
  },
  'unknown-sender': { code: 'WEBHOOK_UNVERIFIED', text: 'the resolver knows no such sender' },
  'no-match': {
    code: 'WEBHOOK_UNVERIFIED',
    text: 'no signature fits one of the keys: another secret, or the body is not what was signed',
  },
};
