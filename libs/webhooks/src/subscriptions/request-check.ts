import type { EventType } from '../catalog/event-type.js';
import { SubscriptionInvalidError } from '../errors/subscription-invalid-error.js';
import type { EgressGuard } from '../transport/egress-guard.js';
import { forEachType } from './content/check-content.js';
import { RequestFit, type RequestSource } from './content/request-fit.js';
import { tryOut, type Trial } from './content/trial-render.js';
import { unmaskRequest } from './secret-headers.js';
import type { HttpRequest } from './subscription.js';
import { authenticationHeader, type Authentication } from './authentication.js';
import { isRecord } from './parse-fields.js';
import { unmaskAuthentication, unmaskSecrets, type SecretHolder } from './template-secrets.js';

/** What is checked: the request, and how it logs in. */
export interface CheckSource extends RequestSource {
  readonly authentication: Authentication | null;
}

/** Judges what is sent before it is saved: the template's form, the fields it reads, its target, its masks. */
export class RequestCheck {
  constructor(private readonly guard: EgressGuard) {}

  /**
   * @param types every event type that the subscription asks for
   * @param previous what is stored; null for a new subscription
   * @returns copies as JSON carries them, the stored values in the place of masks
   * @throws TemplateError naming the event type when it is one of several that does not fit, or when the request cannot be
   *   rendered for its sample
   * @throws SubscriptionInvalidError for the target and for masks
   */
  check(source: CheckSource, types: readonly EventType[], previous: SecretHolder | null): SecretHolder {
    const fits = fitsOf(source, types);
    const copy = JSON.parse(JSON.stringify(source.httpRequest)) as HttpRequest;
    this.checkTarget(copy.url as string);
    const httpRequest = unmaskRequest(copy, previous?.httpRequest ?? null);
    const templateSecrets = unmaskSecrets({ ...source, httpRequest }, previous);
    // A kept value may hold placeholders that the newly chosen event types do not have.
    const opened = httpRequest === copy ? fits : fitsOf({ ...source, httpRequest }, types);
    tryOut(opened, templateSecrets);
    const authentication = unmaskAuthentication({ ...source, httpRequest }, previous);
    checkNoSecondLogin(httpRequest, authentication);
    return { httpRequest, templateSecrets, authentication };
  }

  private checkTarget(url: string): void {
    const problem = this.guard.checkUrl(url);
    if (problem === null) return;
    const message = `Nothing can be sent there: ${problem}.`;
    throw new SubscriptionInvalidError([{ path: 'http_request.url', message }]);
  }
}

function checkNoSecondLogin({ header }: HttpRequest, authentication: Authentication | null): void {
  if (authentication === null || !isRecord(header)) return;
  const [name] = authenticationHeader(authentication);
  const own = Object.keys(header).find((each) => each.toLowerCase() === name);
  if (own === undefined) return;
  const message = `The request has a header "${own}" of its own: leave one of them out.`;
  throw new SubscriptionInvalidError([{ path: 'authentication', message }]);
}

function fitsOf(source: RequestSource, types: readonly EventType[]): readonly Trial[] {
  const fits: Trial[] = [];
  forEachType(types, (eventType) => {
    fits.push({ eventType, fit: RequestFit.of(source, eventType.schema) });
  });
  return fits;
}
