import type { Order } from './entities/order.entity.js';
import type { Passenger } from './entities/passenger.entity.js';
import type { Seat } from './entities/seat.entity.js';
import type { Segment } from './entities/segment.entity.js';
import type { Service } from './entities/service.entity.js';
import type { Ticket } from './entities/ticket.entity.js';

/** An order with everything that hangs on it, each in its order's own sequence. */
export interface Booking {
  readonly order: Order;
  readonly passengers: Passenger[];
  readonly segments: Segment[];
  readonly services: Service[];
  readonly seats: Seat[];
  readonly tickets: Ticket[];
}
