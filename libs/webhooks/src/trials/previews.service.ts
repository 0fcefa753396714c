import { setImmediate as nextTurn } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { EventCatalog } from '../catalog/event-catalog.service.js';
import type { EventType } from '../catalog/event-type.js';
import { Attempter } from '../dispatch/attempter.js';
import type { Delivery } from '../dispatch/delivery.js';
import { dataOf } from '../dispatch/event-data.js';
import { RateLimitedError } from '../errors/rate-limited-error.js';
import { TemplateError } from '../errors/template-error.js';
import { WebhooksError } from '../errors/webhooks-error.js';
import { Clock } from '../internal/clock.js';
import type { StoredEvent } from '../internal/event.js';
import { withoutPrototype } from '../internal/without-prototype.js';
import { checkContent } from '../subscriptions/content/check-content.js';
import { compileFilter } from '../subscriptions/content/compile-filter.js';
import { resolvePatterns } from '../subscriptions/event-type-patterns.js';
import { isRecord } from '../subscriptions/parse-fields.js';
import { parseSubscription } from '../subscriptions/parse-subscription.js';
import { RequestCheck } from '../subscriptions/request-check.js';
import { firstSecrets } from '../subscriptions/signing-secrets.js';
import type { SubscriptionDraft } from '../subscriptions/subscription-input.js';
import type { Subscription } from '../subscriptions/subscription.js';
import { EgressGuard } from '../transport/egress-guard.js';
import { WEBHOOKS_LIMITS, type LimitOptions } from '../webhooks.options.js';
import { chosenType, type EventChoice } from './choose-types.js';
import { draftSubscription } from './draft-subscription.js';
import { MinuteQuota } from './minute-quota.js';
import type { Preview, PreviewInput, PreviewProblem, PreviewResult } from './preview.js';
import { shownBody } from './shown-body.js';
import { TrialData } from './trial-data.js';

/** Milliseconds after which no further event type is tried: a catalog may have hundreds. */
const TIME_FOR_ALL = 250;

/** Renders subscriptions that need not exist, by the code that delivers, and sends nothing. */
@Injectable()
export class Previews {
  private readonly requests: RequestCheck;
  private readonly quota: MinuteQuota;

  constructor(
    private readonly catalog: EventCatalog,
    guard: EgressGuard,
    private readonly attempter: Attempter,
    private readonly clock: Clock,
    @Inject(WEBHOOKS_LIMITS) private readonly limits: Required<LimitOptions>,
  ) {
    this.requests = new RequestCheck(guard);
    this.quota = new MinuteQuota(limits.previewsPerMinute, clock);
  }

  /** What {@link TrialsService.preview} says. */
  async preview(input: PreviewInput): Promise<Preview> {
    const { draft, event_type, data } = parsed(input);
    this.admit(draft.tenant);
    const { types } = resolvePatterns(draft.eventTypes, this.catalog);
    const chosen = chosenType({ event_type, data }, types, this.catalog);
    const end = performance.now() + TIME_FOR_ALL;
    const results: PreviewResult[] = [];
    const waiting = chosen ? [chosen] : [...types];
    while (waiting.length > 0 && performance.now() < end) {
      results.push(this.tried(draft, waiting.shift()!, data));
      await nextTurn();
    }
    return { results, not_tried: waiting.map(({ name }) => name) };
  }

  private admit(tenant: string): void {
    const waitMs = this.quota.take(tenant);
    const limit = this.limits.previewsPerMinute;
    if (waitMs > 0) throw new RateLimitedError('previewsPerMinute', { tenant, limit, waitMs });
  }

  private tried(draft: SubscriptionDraft, type: EventType, data: unknown): PreviewResult {
    const event = TrialData.of(type, data).eventFor(draft.tenant);
    try {
      return this.rendered(draft, type, event);
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      return { event_type: type.name, request: null, error: problemOf(error), passes_filter: null };
    }
  }

  private rendered(draft: SubscriptionDraft, type: EventType, event: StoredEvent): PreviewResult {
    const subscription = this.subscriptionFor(draft, type);
    const passes = compileFilter(draft.filter ?? {}, type.schema)(dataOf(event));
    const rehearsal = this.attempter.rehearse(firstDelivery(event, subscription), subscription);
    if (rehearsal instanceof WebhooksError) throw rehearsal;
    const body = shownBody(subscription.fitFor(type), dataOf(event), rehearsal.body);
    const request = { ...(JSON.parse(rehearsal.request) as object), body } as PreviewResult['request'];
    return { event_type: type.name, request, error: null, passes_filter: passes };
  }

  // With everything that saving it would refuse.
  private subscriptionFor(draft: SubscriptionDraft, type: EventType): Subscription {
    const checked = this.requests.check(draft, [type], null);
    const { fields } = checkContent(draft, [type]);
    const secrets = firstSecrets(draft.secret, draft.signatures, this.clock.now());
    return draftSubscription(draft, { ...checked, fields, secrets });
  }
}

interface ParsedInput extends EventChoice {
  readonly draft: SubscriptionDraft;
}

function parsed(input: unknown): ParsedInput {
  if (!isRecord(input)) return { draft: parseSubscription(input) };
  const { event_type, data, ...subscription } = withoutPrototype(input);
  return { draft: parseSubscription(subscription), event_type, data };
}

function firstDelivery(event: StoredEvent, { id, tenant }: Subscription): Delivery {
  const first = { attempts: 0, step: 0, body: null, fence: null, leasedAt: 0, manual: true, isReplay: false };
  return { id: 'dlv_preview', event, subscriptionId: id, tenant, expiresAt: Infinity, ...first };
}

function problemOf({ code, path, message, suggestion }: TemplateError): PreviewProblem {
  return { code, path, message, ...(suggestion !== undefined && { suggestion }) };
}
