import { Get } from '@nestjs/common';
import type { DeliveryStats, StatsQuery } from 'nestjs-webhooks';
import { DeliveriesService } from 'nestjs-webhooks';
import { ApiController } from '../operations/api-controller.decorator.js';
import type { ApiCall } from '../operations/api-call.js';
import { oneOf, text, time } from '../operations/fields.js';
import { PERIOD, TENANT } from '../operations/list-fields.js';
import { Operation } from '../operations/operation.decorator.js';
import { StatsModel } from './stats.model.js';

/** How it goes. */
@ApiController('stats', 'Figures')
export class StatsController {
  constructor(private readonly deliveries: DeliveriesService) {}

  @Get()
  @Operation({
    id: 'getStats',
    action: 'read',
    summary: 'Outcomes, success rate, latency and backlog: overall, by time, and of each subscription',
    query: {
      ...PERIOD,
      since: time('Of events published at this instant or later.', { required: true }),
      bucket: oneOf(['minute', 'hour', 'day'], 'At most 1,440 of them.', { default: 'hour' }),
      subscription: text('Id of a subscription. Left out: all.'),
      ...TENANT,
    },
    answer: StatsModel,
    problems: [422],
  })
  stats({ query, scope }: ApiCall<StatsQuery>): Promise<DeliveryStats> {
    return this.deliveries.stats(query, scope);
  }
}
