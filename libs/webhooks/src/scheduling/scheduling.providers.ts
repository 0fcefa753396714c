import type { Provider } from '@nestjs/common';
import { ScheduleStore } from '../storage/schedule.store.js';
import { ScheduleFiring } from './schedule-firing.service.js';
import { ScheduledPublisher } from './scheduled-publisher.service.js';
import { Schedules } from './schedules.service.js';
import { WebhookBuilders } from './webhook-builders.explorer.js';

/** What schedules are made of, for the core module's list. */
export const SCHEDULING: Provider[] = [
  ScheduleStore,
  Schedules,
  WebhookBuilders,
  ScheduledPublisher,
  ScheduleFiring,
];
