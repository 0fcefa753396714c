import type { SubscriptionInput } from 'nestjs-webhooks';
import type { Shape } from './json-template.js';
import { code, each, either, field, jsonTemplate, time } from './json-template.js';

/** One of Atlas' notifications: which of our events cause it, and its form. */
interface Notification {
  readonly event: string;
  /** Only events of this content. */
  readonly filter?: SubscriptionInput['filter'];
  /** With the client's id, where Atlas sends it. */
  readonly body: (cid: string) => Shape;
}

/** What Atlas says of a status that must be ignored. */
const NO_STATUS = -1;
const ORDER_STATUS = { 'on hold': 0, ticketing: 1, ticketed: 2 };
const FAILED = -3;
const PASSENGER_TYPES = { ADT: 0, CHD: 1 };
const INFANT = 2;
const CHANGED = 1;
const CANCELLED = 2;

const SEGMENT: Shape = {
  ...{ depAirport: field('segment.origin'), depTerminal: '', depTime: time('segment.departure_local') },
  ...{ arrAirport: field('segment.destination'), arrTerminal: '', arrTime: time('segment.arrival_local') },
  ...{ carrier: field('segment.carrier'), flightNumber: field('segment.flight_number') },
  ...{ codeShare: false, direction: field('segment.leg') },
};

const segments = (path: string): Shape => each(path, 'segment', SEGMENT);

// The catalog carries no passport data, so there is none to send: the members are there, and empty.
const PASSENGER: Shape = {
  name: field('ticket.name'),
  passengerType: code('ticket.type', PASSENGER_TYPES, INFANT),
  ...{ birthday: '', gender: '', cardNum: '', cardType: '', cardIssuePlace: '', cardExpired: '' },
  nationality: '',
  ticketNos: field('ticket.ticket_numbers'),
  airlinePNRs: field('ticket.airline_pnrs'),
  ancillaries: field('ticket.ancillaries'),
};

/** 0 unconfirmed, 1 confirmed. */
const confirmation = (path: string): Shape => either(path, 1, 0);

/** A kind of incident; the same name may be that of another notification, of another form. */
function incident(type: string, data: { readonly [name: string]: Shape }): Notification {
  return {
    event: 'IncidentDetected',
    filter: { incident_type: type },
    body: (cid) => ({
      ...{ cid, notificationId: field('incident_id'), type, status: confirmation('incident_confirmed') },
      data: { orderNo: field('agw_id'), ...data },
    }),
  };
}

/** Everything that Atlas sends to the one registered URL, by a name of ours. */
export const ATLAS_NOTIFICATIONS: Readonly<Record<string, Notification>> = {
  ticketed: {
    event: 'OrderTicketed',
    body: (cid) => ({
      ...{ cid, type: 'order.ticketed', status: NO_STATUS },
      data: {
        orderNo: field('agw_id'),
        orderStatus: code('order_status', ORDER_STATUS, FAILED),
        paxTicketInfos: each('tickets', 'ticket', PASSENGER),
      },
    }),
  },
  schedulechange: {
    event: 'ScheduleChanged',
    body: (cid) => ({
      ...{ cid, notificationId: field('event_id'), type: 'order.schedulechange' },
      status: confirmation('confirmed'),
      data: {
        ...{ orderNo: field('agw_id'), scheduleChangeType: field('schedule_change_code') },
        previousSegs: segments('previous_segments'),
        revisedSegs: segments('revised_segments'),
        originalSegs: segments('original_segments'),
      },
    }),
  },
  airline: {
    event: 'AirlineStatusChanged',
    body: () => ({
      ...{ type: 'airline.status', status: NO_STATUS },
      data: { airline: field('airlines'), airlineStatus: field('airline_status') },
    }),
  },
  email: {
    event: 'EmailCaptured',
    body: (cid) => ({
      ...{ cid, notificationId: field('event_id'), type: 'email.all', status: NO_STATUS },
      data: {
        orderNo: field('agw_id'),
        emailReceivingDate: time('email_received_at', 'UTC'),
        ...{ uniqueCode: field('email_id'), emailCategory: field('email_category') },
        ...{ from: field('email_from'), to: field('email_to') },
        ...{ emailSubject: field('email_subject'), emailLink: field('email_link') },
        createTime: time('occurred_at', 'UTC'),
      },
    }),
  },
  'incident.email': incident('email.schedulechange', {
    ...{ emailSubject: field('email_subject'), emailLink: field('email_link') },
  }),
  'incident.schedulechange': incident('order.schedulechange', {
    previousSegs: segments('previous_segments'),
    revisedSegs: segments('revised_segments'),
    // Of the type of change an incident knows what its flights tell: one is missing where one was cancelled.
    scheduleChangeType: either('revised_segments.size < previous_segments.size', CANCELLED, CHANGED),
  }),
  'incident.cancelled': incident('abnormal.cancelled', {
    vendorRefundInformation: field('vendor_refund'),
  }),
};

/** The subscription that sends a notification to a client's URL. */
export function atlasSubscription(
  { event, filter, body }: Notification,
  cid: string,
  url: string,
): SubscriptionInput {
  const raw_body = jsonTemplate(body(cid));
  return {
    event_types: [event],
    ...(filter && { filter }),
    http_request: { method: 'POST', url, content_type: 'application/json', raw_body },
  };
}
