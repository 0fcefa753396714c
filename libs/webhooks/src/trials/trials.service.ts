import { Injectable } from '@nestjs/common';
import type { TenantScope } from '../subscriptions/subscription.editor.js';
import type { Preview, PreviewInput, TrialEvent } from './preview.js';
import { Previews } from './previews.service.js';
import { TestSends, type TestSend } from './test-sends.service.js';

/** Tries subscriptions out: shows what would be sent, or sends it once. */
@Injectable()
export class TrialsService {
  constructor(
    private readonly previews: Previews,
    private readonly tests: TestSends,
  ) {}

  /**
   * Shows the requests of a subscription that need not exist, made by the code that delivers: the body byte by byte, the headers
   * as an attempt's record has them, secrets masked in both. Nothing is sent and nothing is stored. An event type
   * for which the request does not work has an `error` in the place of its request.
   *
   * Bounds: `limits.previewsPerMinute` for each tenant and process; 100 ms for the templates of one event type, and
   * 250 ms after which no further one is begun.
   *
   * @throws SubscriptionInvalidError, UnknownEventTypeError, EventInvalidError, EventTooLargeError for what is wrong with the input
   * @throws RateLimitedError
   * @example
   * const { results } = await trials.preview({
   *   event_types: ['OrderTicketed'],
   *   http_request: { url: 'https://example.com/orders/{{agw_id}}', json_body: { pnr: '{{pnr}}' } },
   * });
   */
  preview(input: PreviewInput): Promise<Preview> {
    return this.previews.preview(input);
  }

  /**
   * Sends one event to one subscription, marked `webhook-test: true`, also to a paused or disabled one: the first of its event
   * types, or the one given, with the sample or the given data. It answers as soon as the test is stored; what
   * became of it shows `DeliveriesService.get(delivery_id)`.
   *
   * There is one attempt and no retry. Nobody else gets the event, no sequence counts it, the subscription's filter is not asked, and its
   * health stays what it was. An operator's stop holds it up; a crash does not lose it. The envelope is the test's own, whatever
   * the data say.
   *
   * Bounds: `limits.testsPerMinute` for each tenant, over all processes.
   *
   * @throws SubscriptionNotFoundError also for another tenant's
   * @throws SubscriptionInvalidError, UnknownEventTypeError, EventInvalidError, EventTooLargeError for what is wrong with the event
   * @throws RateLimitedError
   */
  send(subscriptionId: string, event: TrialEvent = {}, scope: TenantScope = {}): Promise<TestSend> {
    return this.tests.send(subscriptionId, event, scope);
  }
}
