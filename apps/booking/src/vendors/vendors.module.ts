import { Module } from '@nestjs/common';
import { AirGatewayConfigurations } from './airgateway/airgateway-configurations.service.js';
import { AirGatewayController } from './airgateway/airgateway.controller.js';

/** Lets customers of other vendors stay with what they have: their ways to subscribe, and the requests that they expect. */
@Module({
  controllers: [AirGatewayController],
  providers: [AirGatewayConfigurations],
})
export class VendorsModule {}
