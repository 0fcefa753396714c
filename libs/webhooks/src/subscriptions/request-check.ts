import type { EventType } from '../catalog/event-type.js';
import { SubscriptionInvalidError } from '../errors/subscription-invalid-error.js';
import { TemplateError } from '../errors/template-error.js';
import { RequestTemplate } from '../templates/request-template.js';
import type { EgressGuard } from '../transport/egress-guard.js';
import { unmaskRequest } from './secret-headers.js';
import type { HttpRequest } from './subscription.js';

/** Judges a request template before it is saved: its form, its fields, its target, its masks. */
export class RequestCheck {
  constructor(private readonly guard: EgressGuard) {}

  /**
   * @param types every event type that the subscription asks for
   * @param previous what is stored; null for a new subscription
   * @returns a copy as JSON carries it, the stored values in the place of masks
   * @throws TemplateError naming the event type when it is one of several that does not fit
   * @throws SubscriptionInvalidError for the target and for masks
   */
  check(httpRequest: HttpRequest, types: readonly EventType[], previous: HttpRequest | null): HttpRequest {
    checkTemplate(httpRequest, types);
    const copy = JSON.parse(JSON.stringify(httpRequest)) as HttpRequest;
    this.checkTarget(copy.url as string);
    const opened = unmaskRequest(copy, previous);
    // A kept value may hold placeholders that the newly chosen event types do not have.
    if (opened !== copy) checkTemplate(opened, types);
    return opened;
  }

  private checkTarget(url: string): void {
    const problem = this.guard.checkUrl(url);
    if (problem === null) return;
    const message = `Nothing can be sent there: ${problem}.`;
    throw new SubscriptionInvalidError([{ path: 'http_request.url', message }]);
  }
}

function checkTemplate(httpRequest: HttpRequest, types: readonly EventType[]): void {
  for (const { name, schema } of types) {
    try {
      RequestTemplate.parse(httpRequest, { schema });
    } catch (error) {
      if (error instanceof TemplateError && error.code === 'TEMPLATE_UNKNOWN_FIELD') {
        error.message += ` (event type ${name})`;
      }
      throw error;
    }
  }
}
