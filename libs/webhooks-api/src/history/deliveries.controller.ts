import { Get, Post } from '@nestjs/common';
import type {
  DeliveryDetail,
  DeliveryPage,
  DeliveryQuery,
  DeliveryView,
  ResendOptions,
} from 'nestjs-webhooks';
import { DeliveriesService } from 'nestjs-webhooks';
import { ApiController } from '../operations/api-controller.decorator.js';
import type { ApiCall } from '../operations/api-call.js';
import { flag, oneOf, text, texts } from '../operations/fields.js';
import { PAGE, PERIOD } from '../operations/list-fields.js';
import { Operation } from '../operations/operation.decorator.js';
import { PathId } from '../operations/path-id.decorator.js';
import { DELIVERY_STATES, DeliveryDetailModel, DeliveryModel, DeliveryPageModel } from './delivery.model.js';

const QUERY = {
  subscription: text('Id of a subscription.'),
  event: text('Id of an event.'),
  states: texts('Left out: all.', { items: { type: 'string', enum: DELIVERY_STATES }, maxItems: 7 }),
  status_class: oneOf(['1xx', '2xx', '3xx', '4xx', '5xx'], 'Of the last attempt.'),
  error: text("Code of the last attempt's error."),
  ...PERIOD,
  test: flag('True: tests only; false: without them. Left out: both.'),
  ...PAGE,
};

interface Query extends Omit<DeliveryQuery, 'statusClass'> {
  readonly status_class?: DeliveryQuery['statusClass'];
}

/** What became of events. */
@ApiController('deliveries', 'Deliveries')
export class DeliveriesController {
  constructor(private readonly deliveries: DeliveriesService) {}

  @Get()
  @Operation({
    id: 'listDeliveries',
    action: 'read',
    summary: "A page of deliveries, newest event's first",
    description: 'A page may hold fewer than `limit`, even none, and still have a `next`.',
    query: QUERY,
    answer: DeliveryPageModel,
    problems: [422],
  })
  list({ query: { status_class, ...query }, scope }: ApiCall<Query>): Promise<DeliveryPage> {
    return this.deliveries.list({ ...query, statusClass: status_class }, scope);
  }

  @Get(':id')
  @PathId()
  @Operation({
    id: 'getDelivery',
    action: 'read',
    summary: 'One delivery with its attempts: requests as sent, and what came back',
    answer: DeliveryDetailModel,
    problems: [404],
  })
  get({ id, scope }: ApiCall): Promise<DeliveryDetail> {
    return this.deliveries.get(id, scope);
  }

  @Post(':id/resend')
  @PathId()
  @Operation({
    id: 'resendDelivery',
    action: 'send',
    summary: 'Send it again, whatever became of it',
    query: {
      render: oneOf(
        ['stored', 'current'],
        '`current`: as its subscription makes it today; else the stored bytes.',
        {
          default: 'stored',
        },
      ),
    },
    status: 202,
    answer: DeliveryModel,
    problems: [404, 409, 422, 429],
  })
  resend({ id, query, scope }: ApiCall<ResendOptions>): Promise<DeliveryView> {
    return this.deliveries.resend(id, query, scope);
  }

  @Post(':id/cancel')
  @PathId()
  @Operation({
    id: 'cancelDelivery',
    action: 'send',
    summary: 'Give an open one up; an attempt that is under way still arrives',
    answer: DeliveryModel,
    problems: [404, 409],
  })
  cancel({ id, scope }: ApiCall): Promise<DeliveryView> {
    return this.deliveries.cancel(id, scope);
  }
}
