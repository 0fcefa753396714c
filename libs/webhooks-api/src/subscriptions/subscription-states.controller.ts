import { Get, Post } from '@nestjs/common';
import type {
  ChangePage,
  ChangesQuery,
  CreatedSubscription,
  RotationOptions,
  SubscriptionView,
} from 'nestjs-webhooks';
import { SecretsService, SubscriptionsService } from 'nestjs-webhooks';
import { ApiController } from '../operations/api-controller.decorator.js';
import type { ApiCall } from '../operations/api-call.js';
import { text, whole } from '../operations/fields.js';
import type { OperationOptions } from '../operations/operation-options.js';
import { CURSOR } from '../operations/list-fields.js';
import { Operation } from '../operations/operation.decorator.js';
import { PathId } from '../operations/path-id.decorator.js';
import { ChangePageModel } from './change.model.js';
import { CreatedSubscriptionModel, SubscriptionModel } from './subscription.model.js';

interface Reason {
  readonly reason?: string;
}

const REASON = { reason: text('Why, for the record.', { maxLength: 200 }) };

function transition(id: string, summary: string): OperationOptions {
  return {
    id,
    action: 'manage',
    summary,
    body: REASON,
    answer: SubscriptionModel,
    problems: [404, 409, 422],
  };
}

/** What can be done to a subscription beside changing it. */
@ApiController('subscriptions/:id', 'Subscriptions')
@PathId()
export class SubscriptionStatesController {
  constructor(
    private readonly subscriptions: SubscriptionsService,
    private readonly secrets: SecretsService,
  ) {}

  @Post('enable')
  @Operation(transition('enableSubscription', 'Make a disabled one active again; sends nothing by itself'))
  enable({ id, scope, body }: ApiCall<object, Reason>): Promise<SubscriptionView> {
    return this.subscriptions.enable(id, { ...scope, ...body });
  }

  @Post('disable')
  @Operation(transition('disableSubscription', 'Stop it: open deliveries are held, nothing new is made'))
  disable({ id, scope, body }: ApiCall<object, Reason>): Promise<SubscriptionView> {
    return this.subscriptions.disable(id, body.reason, scope);
  }

  @Post('pause')
  @Operation(transition('pauseSubscription', 'Interrupt it: deliveries wait for `resume`'))
  pause({ id, scope, body }: ApiCall<object, Reason>): Promise<SubscriptionView> {
    return this.subscriptions.pause(id, { ...scope, ...body });
  }

  @Post('resume')
  @Operation(transition('resumeSubscription', 'End a pause: what has waited is due at once'))
  resume({ id, scope, body }: ApiCall<object, Reason>): Promise<SubscriptionView> {
    return this.subscriptions.resume(id, { ...scope, ...body });
  }

  @Post('rotate-secret')
  @Operation({
    id: 'rotateSecret',
    action: 'manage',
    summary: 'Make a new signing secret; the answer holds it, this once',
    body: {
      ...REASON,
      secret: text('A signing secret of your own, `whsec_…`. Left out: a new one.', { maxLength: 200 }),
      overlap: whole('Seconds for which the old ones go on signing.', {
        maximum: 30 * 86_400,
        default: 86_400,
      }),
    },
    answer: CreatedSubscriptionModel,
    problems: [404, 409, 422],
  })
  rotateSecret({ id, scope, body }: ApiCall<object, RotationOptions & Reason>): Promise<CreatedSubscription> {
    const { reason, ...options } = body;
    return this.secrets.rotate(id, options, { ...scope, reason });
  }

  @Get('changes')
  @Operation({
    id: 'listChanges',
    action: 'read',
    summary: 'Who changed it, when, why and what: newest first, also after it was deleted',
    query: CURSOR,
    answer: ChangePageModel,
    problems: [404],
  })
  changes({ id, query, scope }: ApiCall<ChangesQuery>): Promise<ChangePage> {
    return this.subscriptions.changes(id, query, scope);
  }
}
