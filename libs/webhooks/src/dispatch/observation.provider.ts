import type { Provider } from '@nestjs/common';
import { Logger } from '@nestjs/common';
import { Clock } from '../internal/clock.js';
import { DeliveryLog } from './delivery-log.js';
import { Observation } from './observer.js';

/** What an observer throws is in the log, a line a minute. */
export const OBSERVATION: Provider = {
  provide: Observation,
  inject: [Clock],
  useFactory: (clock: Clock) => {
    const log = new DeliveryLog(new Logger('Webhooks'), clock);
    return new Observation((error) => log.observerFailed(error));
  },
};
