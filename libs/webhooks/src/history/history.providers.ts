import type { Provider } from '@nestjs/common';
import { Clock } from '../internal/clock.js';
import { ControlStore } from '../storage/control.store.js';
import { DeliveryControlStore } from '../storage/delivery-control.store.js';
import { DeliveryFigures } from '../storage/delivery-figures.store.js';
import { DeliveryArchive } from '../storage/delivery-archive.store.js';
import { ErasureStore } from '../storage/erasure.store.js';
import { EventArchive } from '../storage/event-archive.store.js';
import { JobPages } from '../storage/job-pages.store.js';
import { JobStore } from '../storage/job.store.js';
import { RetentionStore } from '../storage/retention.store.js';
import { DeliveriesService } from './deliveries.service.js';
import { DeliveryReader } from './delivery-reader.service.js';
import { Erasures } from './erasures.service.js';
import { EventReader } from './event-reader.service.js';
import { EventsService } from './events.service.js';
import { JobPager } from './job-pager.service.js';
import { JobRunner } from './job-runner.service.js';
import { JobsService } from './jobs.service.js';
import { RETENTION } from './retention-settings.js';
import { RetentionSweeper } from './retention.sweeper.js';
import { RetentionTimer } from './retention.timer.js';
import { Statistics } from './statistics.service.js';
import { Undelivered } from './undelivered.service.js';

/** What looks back, and what tidies up. */
export const HISTORY: Provider[] = [
  EventArchive,
  DeliveryControlStore,
  DeliveryArchive,
  DeliveryFigures,
  ErasureStore,
  RetentionStore,
  JobStore,
  JobPages,
  JobPager,
  JobRunner,
  Undelivered,
  Erasures,
  EventReader,
  DeliveryReader,
  Statistics,
  EventsService,
  DeliveriesService,
  JobsService,
  {
    provide: RetentionSweeper,
    inject: [RETENTION, RetentionStore, ErasureStore, Clock],
    useFactory: (...parts: ConstructorParameters<typeof RetentionSweeper>) => new RetentionSweeper(...parts),
  },
  {
    provide: RetentionTimer,
    inject: [RETENTION, RetentionSweeper, ControlStore, Clock],
    useFactory: (...parts: ConstructorParameters<typeof RetentionTimer>) => new RetentionTimer(...parts),
  },
];
