import { Get } from '@nestjs/common';
import { ApiParam } from '@nestjs/swagger';
import { EventCatalog } from 'nestjs-webhooks';
import { ApiController } from '../operations/api-controller.decorator.js';
import type { ApiCall } from '../operations/api-call.js';
import { Operation } from '../operations/operation.decorator.js';
import { EventTypeNotFoundError } from '../problems/event-type-not-found-error.js';
import { EventTypeModel, EventTypePage, viewOfEventType, type EventTypeView } from './event-type.model.js';

/** What can be subscribed to. */
@ApiController('event-types', 'Event types')
export class EventTypesController {
  constructor(private readonly catalog: EventCatalog) {}

  @Get()
  @Operation({ id: 'listEventTypes', action: 'read', summary: 'All event types', answer: EventTypePage })
  list(_call: ApiCall): { items: readonly EventTypeView[]; next: null } {
    return { items: this.catalog.all().map(viewOfEventType), next: null };
  }

  @Get(':name')
  @ApiParam({ name: 'name', type: String, description: 'Name or alias.' })
  @Operation({
    id: 'getEventType',
    action: 'read',
    summary: 'One event type: schema, sample, fields',
    answer: EventTypeModel,
    problems: [404],
  })
  get(call: ApiCall): EventTypeView {
    const type = this.catalog.find(call.param('name'));
    if (!type) throw new EventTypeNotFoundError(call.param('name'));
    return viewOfEventType(type);
  }
}
