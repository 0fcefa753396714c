import type { Provider } from '@nestjs/common';
import { DeliveryControlStore } from '../storage/delivery-control.store.js';
import { JobPages } from '../storage/job-pages.store.js';
import { JobStore } from '../storage/job.store.js';
import { DeliveriesService } from './deliveries.service.js';
import { EventsService } from './events.service.js';
import { JobPager } from './job-pager.service.js';
import { JobRunner } from './job-runner.service.js';
import { JobsService } from './jobs.service.js';

const JOBS: Provider[] = [JobStore, JobPages, JobPager, JobRunner, JobsService];

/** What there is to look at, and to send again. */
export const HISTORY: Provider[] = [DeliveryControlStore, DeliveriesService, EventsService, ...JOBS];
