import { Body, Controller, Delete, Get, HttpCode, Param, Put, UseFilters, UseGuards } from '@nestjs/common';
import { CallerGuard } from '../../parties/caller.guard.js';
import type { Caller } from '../../parties/caller.js';
import { CurrentCaller } from '../../parties/current-caller.decorator.js';
import { WebhooksErrorFilter } from '../../webhooks/webhooks-error.filter.js';
import type { ConfiguredEvent, HttpRequest } from './airgateway-configurations.service.js';
import { AirGatewayConfigurations } from './airgateway-configurations.service.js';

/** `/airgateway/webhooks`: what the calling consumer had configured there goes here as it stands. */
@Controller('airgateway/webhooks')
@UseGuards(CallerGuard)
@UseFilters(WebhooksErrorFilter)
export class AirGatewayController {
  constructor(private readonly configurations: AirGatewayConfigurations) {}

  @Get()
  list(@CurrentCaller() { consumerId }: Caller): Promise<ConfiguredEvent[]> {
    return this.configurations.all(consumerId);
  }

  @Get(':event')
  read(@Param('event') event: string, @CurrentCaller() { consumerId }: Caller): Promise<ConfiguredEvent> {
    return this.configurations.get(event, consumerId);
  }

  @Put(':event')
  set(
    @Param('event') event: string,
    @Body('http_request') request: HttpRequest,
    @CurrentCaller() { consumerId }: Caller,
  ): Promise<ConfiguredEvent> {
    return this.configurations.set(event, request, consumerId);
  }

  @Delete(':event')
  @HttpCode(204)
  remove(@Param('event') event: string, @CurrentCaller() { consumerId }: Caller): Promise<void> {
    return this.configurations.remove(event, consumerId);
  }
}
