import { HttpException } from '@nestjs/common';

/** What a refused sender is told; which check failed stands in the log only. */
const ANSWERS = {
  /** Without the headers of Standard Webhooks, or with headers or a body that nobody can read. */
  WEBHOOK_MALFORMED: { status: 400, message: 'This is not a Standard Webhooks request.' },
  /** Too old, too new, signed by nobody known, or changed on its way. */
  WEBHOOK_UNVERIFIED: { status: 401, message: 'This webhook could not be verified.' },
  /** The same message is being handled at this moment. */
  WEBHOOK_IN_PROGRESS: { status: 409, message: 'This webhook is being handled: send it again later.' },
} as const;

/** Stable codes of {@link WebhookRefusedException}. */
export type WebhookRefusalCode = keyof typeof ANSWERS;

/** A request that does not reach its handler: 400, 401 or 409. The answer never tells which check failed. */
export class WebhookRefusedException extends HttpException {
  constructor(readonly code: WebhookRefusalCode) {
    const { status, message } = ANSWERS[code];
    super({ statusCode: status, code, message }, status);
  }
}
