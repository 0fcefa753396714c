import { BadRequestException, Body, Controller, HttpCode, Post, UseFilters, UseGuards } from '@nestjs/common';
import { CurrentAtlasClient, AtlasClientGuard } from './atlas-client.guard.js';
import type { AtlasClient } from './atlas-client.entity.js';
import { AtlasErrorFilter, SUCCESS } from './atlas-error.filter.js';
import type { IncidentPage } from './atlas-incidents.service.js';
import { AtlasIncidents } from './atlas-incidents.service.js';
import { AtlasRegistration } from './atlas-registration.service.js';
import { IncidentQueryDto } from './incident-query.dto.js';

/** Atlas' calls under their own names, below `/atlas`. */
@Controller('atlas')
@UseGuards(AtlasClientGuard)
@UseFilters(AtlasErrorFilter)
export class AtlasController {
  constructor(
    private readonly registration: AtlasRegistration,
    private readonly incidents: AtlasIncidents,
  ) {}

  /** Their older pages have a `cid` in the body, too; it says nothing that the headers do not. */
  @Post('updateWebhookURL.do')
  @HttpCode(200)
  async register(
    @Body() body: { readonly cid?: unknown; readonly url?: unknown } | undefined,
    @CurrentAtlasClient() client: AtlasClient,
  ): Promise<typeof SUCCESS> {
    if (body?.cid !== undefined && body.cid !== client.cid) {
      throw new BadRequestException('cid is not that of the headers');
    }
    await this.registration.register(client, body?.url);
    return SUCCESS;
  }

  /** What there was to be told: for whoever doubts that he was told everything. */
  @Post('event/getPageList.do')
  @HttpCode(200)
  async list(
    @Body() query: IncidentQueryDto,
    @CurrentAtlasClient() client: AtlasClient,
  ): Promise<typeof SUCCESS & IncidentPage> {
    return { ...SUCCESS, ...(await this.incidents.page(client, query)) };
  }
}
