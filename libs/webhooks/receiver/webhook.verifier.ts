import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../src/internal/clock.js';
import type { VerificationFailure } from '../src/signing/check-message.js';
import { checkMessage } from '../src/signing/check-message.js';
import { WebhookRefusedException } from './errors/webhook-refused.exception.js';
import { attemptOf, hasRepeatedHeaders, parseBody, rawBodyOf, signedHeaders } from './read-message.js';
import { ReceivedWebhook } from './received-webhook.js';
import type { RefusalReason } from './refusal-reasons.js';
import { REFUSALS } from './refusal-reasons.js';
import type { ReceiverRoute } from './routes/route.registry.js';
import type { KnownSender } from './senders.js';
import type { VerifiedMessage } from './verified-message.js';
import type { WebhookRequest } from './webhook-request.js';

const SHOWN_ID_LENGTH = 64;

interface Checked {
  readonly request: WebhookRequest;
  readonly route: ReceiverRoute;
  readonly sender: KnownSender;
  readonly body: Buffer;
}

/** Makes a verified message of a request, or refuses it. */
@Injectable()
export class WebhookVerifier {
  private readonly logger = new Logger('WebhookReceiver');

  constructor(private readonly clock: Clock) {}

  /**
   * @throws WebhookRefusedException with what the sender may know; what the operator should know is logged.
   * @throws RawBodyMissingError when the application keeps no raw bodies.
   */
  async verify(request: WebhookRequest, route: ReceiverRoute): Promise<VerifiedMessage> {
    if (hasRepeatedHeaders(request)) throw this.refusal('header-repeated', request, route);
    if (Object.values(signedHeaders(request)).some((value) => !value)) {
      throw this.refusal('header-missing', request, route);
    }
    const body = rawBodyOf(request);
    const sender = await route.findSender(request);
    if (sender === null) throw this.refusal('unknown-sender', request, route);
    return this.checked({ request, route, sender, body });
  }

  private checked({ request, route, sender, body }: Checked): VerifiedMessage {
    const headers = signedHeaders(request);
    const failure = this.check(headers, body, sender, route.tolerance);
    if (failure !== null) throw this.refusal(failure, request, route);

    const id = headers['webhook-id']!;
    const timestamp = new Date(Number(headers['webhook-timestamp']) * 1_000);
    const content = this.parsed({ request, route, sender, body });
    return {
      webhook: new ReceivedWebhook(id, timestamp, attemptOf(request), content),
      scope: sender.name === '' ? route.name : `${route.name}:${sender.name}`,
    };
  }

  private check(
    headers: Record<string, string | undefined>,
    body: Buffer,
    { keys }: KnownSender,
    toleranceMs: number,
  ): VerificationFailure | null {
    return checkMessage({ headers, body }, { keys, nowMs: this.clock.now(), toleranceMs });
  }

  private parsed({ request, route, body }: Checked): unknown {
    try {
      return parseBody(body, request);
    } catch {
      throw this.refusal('body-not-json', request, route);
    }
  }

  private refusal(
    reason: RefusalReason,
    request: WebhookRequest,
    route: ReceiverRoute,
  ): WebhookRefusedException {
    const { code, text } = REFUSALS[reason];
    // As JSON: what a stranger writes there must not look like a line of the log.
    const id = JSON.stringify(String(request.headers['webhook-id'] ?? '').slice(0, SHOWN_ID_LENGTH));
    this.logger.warn(`${route.name} refused webhook ${id} (${reason}): ${text}`);
    return new WebhookRefusedException(code);
  }
}
