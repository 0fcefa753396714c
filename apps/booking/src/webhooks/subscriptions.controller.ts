import { Body, Controller, Get, Post, UseFilters, UseGuards } from '@nestjs/common';
import type { CreatedSubscription, SubscriptionInput, SubscriptionPage } from 'nestjs-webhooks';
import { SubscriptionsService } from 'nestjs-webhooks';
import { CallerGuard } from '../parties/caller.guard.js';
import type { Caller } from '../parties/caller.js';
import { CurrentCaller } from '../parties/current-caller.decorator.js';
import { WebhooksErrorFilter } from './webhooks-error.filter.js';

/** `/subscriptions` of the calling consumer: he never sees, and never gets events of, another's. */
@Controller('subscriptions')
@UseGuards(CallerGuard)
@UseFilters(WebhooksErrorFilter)
export class SubscriptionsController {
  constructor(private readonly subscriptions: SubscriptionsService) {}

  /** The library checks the body itself. The answer holds the signing secret, this once. */
  @Post()
  create(
    @Body() request: SubscriptionInput,
    @CurrentCaller() { consumerId }: Caller,
  ): Promise<CreatedSubscription> {
    return this.subscriptions.create({ ...request, tenant: consumerId });
  }

  @Get()
  list(@CurrentCaller() { consumerId }: Caller): Promise<SubscriptionPage> {
    return this.subscriptions.list({ tenant: consumerId });
  }
}
