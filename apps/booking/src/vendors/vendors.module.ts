import { Module } from '@nestjs/common';
import { AirGatewayConfigurations } from './airgateway/airgateway-configurations.service.js';
import { AirGatewayController } from './airgateway/airgateway.controller.js';
import { AtlasArchive } from './atlas/atlas-archive.service.js';
import { AtlasIncidents } from './atlas/atlas-incidents.service.js';
import { AtlasRegistration } from './atlas/atlas-registration.service.js';
import { AtlasController } from './atlas/atlas.controller.js';

/** Lets customers of other vendors stay with what they have: their ways to subscribe, and the requests that they expect. */
@Module({
  controllers: [AirGatewayController, AtlasController],
  providers: [AirGatewayConfigurations, AtlasArchive, AtlasIncidents, AtlasRegistration],
})
export class VendorsModule {}
