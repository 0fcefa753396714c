import { Airline } from '../airlines/airline.entity.js';
import { CapturedEmail } from '../emails/captured-email.entity.js';
import { Incident } from '../incidents/incident.entity.js';
import { Order } from '../orders/entities/order.entity.js';
import { Passenger } from '../orders/entities/passenger.entity.js';
import { Seat } from '../orders/entities/seat.entity.js';
import { Segment } from '../orders/entities/segment.entity.js';
import { Service } from '../orders/entities/service.entity.js';
import { Ticket } from '../orders/entities/ticket.entity.js';
import { Agency } from '../parties/agency.entity.js';
import { Agent } from '../parties/agent.entity.js';
import { Consumer } from '../parties/consumer.entity.js';
import { AtlasClient } from '../vendors/atlas/atlas-client.entity.js';
import { ScheduleChange } from '../schedule-changes/schedule-change.entity.js';

/** Everything the booking service stores. */
export const bookingEntities = [
  ...[Consumer, Agency, Agent, Airline],
  ...[Order, Passenger, Ticket, Segment, Service, Seat],
  ...[ScheduleChange, CapturedEmail, Incident],
  AtlasClient,
];
