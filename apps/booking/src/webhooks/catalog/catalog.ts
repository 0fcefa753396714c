import type { Type } from '@nestjs/common';
import { AirlineStatusChanged } from './airline-status-changed.js';
import { DatesChanged } from './dates-changed.js';
import { EmailCaptured } from './email-captured.js';
import { IncidentDetected } from './incident-detected.js';
import { OrderCanceled } from './order-canceled.js';
import { OrderChanged } from './order-changed.js';
import { OrderCompleted } from './order-completed.js';
import { OrderCreated } from './order-created.js';
import { OrderStarted } from './order-started.js';
import { OrderTicketed } from './order-ticketed.js';
import { ScheduleChanged } from './schedule-changed.js';
import { SeatsAddition } from './seats-addition.js';
import { SeatsDeletion } from './seats-deletion.js';
import { ServicesAddition } from './services-addition.js';
import { ServicesDeletion } from './services-deletion.js';

/** What happens to an order, from its making to the end of the journey. */
const ORDER_EVENTS: Type[] = [
  OrderCreated,
  OrderChanged,
  OrderCanceled,
  OrderTicketed,
  OrderStarted,
  OrderCompleted,
  ServicesAddition,
  ServicesDeletion,
  SeatsAddition,
  SeatsDeletion,
  DatesChanged,
];

/** What airlines and their mail bring about. */
const SUPPLIER_EVENTS: Type[] = [ScheduleChanged, AirlineStatusChanged, EmailCaptured, IncidentDetected];

/** Everything a customer can subscribe to. */
export const CATALOG: Type[] = [...ORDER_EVENTS, ...SUPPLIER_EVENTS];
