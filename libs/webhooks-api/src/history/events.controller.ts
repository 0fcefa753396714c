import { Get, Post } from '@nestjs/common';
import type { Erasure, EventDetail, EventPage, EventQuery } from 'nestjs-webhooks';
import { EventsService } from 'nestjs-webhooks';
import { ApiController } from '../operations/api-controller.decorator.js';
import type { ApiCall } from '../operations/api-call.js';
import { oneOf, text, texts } from '../operations/fields.js';
import { PAGE, PERIOD, TENANT } from '../operations/list-fields.js';
import { Operation } from '../operations/operation.decorator.js';
import { PathId } from '../operations/path-id.decorator.js';
import { ErasureModel, EventDetailModel, EventPageModel } from './event.model.js';

const QUERY = {
  types: texts('Names or aliases of event types. Left out: all.'),
  subject: text('What they are about.'),
  ...PERIOD,
  state: oneOf(
    ['undelivered'],
    'Some subscription asks for it, was there when it was published, and has no success yet.',
  ),
  order: oneOf(
    ['newest', 'commit'],
    '`commit`: oldest first; who goes on from cursor to cursor misses none.',
    {
      default: 'newest',
    },
  ),
  ...PAGE,
};

/** The archive. */
@ApiController('', 'Events')
export class EventsController {
  constructor(private readonly events: EventsService) {}

  @Get('events')
  @Operation({
    id: 'listEvents',
    action: 'read',
    summary: 'A page of events, newest first or in the order of their commits',
    description: 'A page may hold fewer than `limit`, even none, and still have a `next`.',
    query: QUERY,
    answer: EventPageModel,
    problems: [422],
  })
  list({ query, scope }: ApiCall<EventQuery>): Promise<EventPage> {
    return this.events.list(query, scope);
  }

  @Get('events/:id')
  @PathId()
  @Operation({
    id: 'getEvent',
    action: 'read',
    summary: 'One event and its deliveries',
    answer: EventDetailModel,
    problems: [404],
  })
  get({ id, scope }: ApiCall): Promise<EventDetail> {
    return this.events.get(id, scope);
  }

  @Post('events/:id/expunge')
  @PathId()
  @Operation({
    id: 'expungeEvent',
    action: 'erase',
    summary: 'Remove its payload for good, from everything on record',
    answer: ErasureModel,
    problems: [404],
  })
  expunge({ id, scope }: ApiCall): Promise<Erasure> {
    return this.events.expunge(id, scope);
  }

  @Post('erasures')
  @Operation({
    id: 'eraseSubject',
    action: 'erase',
    summary: 'Remove the payloads of every event of a subject for good',
    description: 'Asked again after an interruption, it goes on.',
    query: TENANT,
    body: { subject: text('`order:AGW-1`', { required: true }) },
    answer: ErasureModel,
    problems: [422],
  })
  erase({ body, scope }: ApiCall<object, { subject: string }>): Promise<Erasure> {
    return this.events.eraseSubject(body.subject, scope);
  }
}
