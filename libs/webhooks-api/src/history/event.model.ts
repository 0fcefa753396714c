import type { Erasure, EventDetail, EventView } from 'nestjs-webhooks';
import { record, text, time, whole } from '../operations/fields.js';
import { modelOf, pageOf, type Members } from '../operations/model.factory.js';
import { DeliveryModel } from './delivery.model.js';

const NULL = { nullable: true };

const EVENT: Members<EventView> = {
  id: text('`evt_…`'),
  type: text('Name of its event type.'),
  tenant: text('Whose it is; `*`: everybody gets it.'),
  subject: text('What it is about: `order:AGW-1`.', NULL),
  sequence: whole('Gap-free number within the subject, from 1 on; null without a subject.', NULL),
  catalog_version: whole('Version of its event type.'),
  occurred_at: time('When it happened.'),
  published_at: time('When it was published: what `since` and `until` mean.'),
  data: record('Its own fields; null after it was expunged.', NULL),
  expunged_at: time('When its payload was removed; null: it is there.', NULL),
};

/** For the OpenAPI document. */
export const EventModel = modelOf<EventView>('Event', EVENT);

/** For the OpenAPI document. */
export const EventPageModel = pageOf(EventModel);

/** For the OpenAPI document. */
export const EventDetailModel = modelOf<EventDetail>('EventDetail', {
  ...EVENT,
  deliveries: { models: DeliveryModel, description: 'At most 250, newest first.' },
});

/** For the OpenAPI document. */
export const ErasureModel = modelOf<Erasure>('Erasure', {
  events: whole('Whose payload was removed.'),
  deliveries: whole('Whose body was removed.'),
  attempts: whole('Whose request and response were removed.'),
});
