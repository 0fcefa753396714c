import type { Behaviour } from 'nestjs-webhooks/testing';

/** Our order number of the booking that flies. */
export const FLOWN = 'AGW-J0URNEY001';

/** Whose journey it is: a customer of its own, so that nothing of it reaches the others. */
export const TRAVELLER = { consumerId: 'atlantico', agentId: 'joao-silva' } as const;

/** A receiver that a customer's partner keeps. */
export interface Partner {
  readonly name: string;
  readonly about: string;
  readonly events: readonly string[];
  /** One for each request; the last one repeats. */
  readonly answers: readonly [Behaviour, ...Behaviour[]];
}

const SLOW_MS = 400;

/** Good and bad receivers, as there are. */
export const PARTNERS: readonly Partner[] = [
  {
    ...{ name: 'healthy', about: 'takes everything at once' },
    events: ['Order*', 'Services*', 'Seats*', 'ScheduleChanged', 'EmailCaptured', 'DatesChanged'],
    answers: [204],
  },
  {
    ...{ name: 'slow', about: `takes ${SLOW_MS} ms for each` },
    events: ['ScheduleChanged', 'DatesChanged'],
    answers: [{ status: 204, delayMs: SLOW_MS }],
  },
  {
    ...{ name: 'failing', about: 'is out of order for all three attempts' },
    events: ['EmailCaptured'],
    answers: [500, 502, 503, 204],
  },
  {
    ...{ name: 'twice', about: 'takes it and fails to say so: it gets it again, under the same id' },
    events: ['OrderTicketed'],
    answers: [500, 204],
  },
  {
    ...{ name: 'gone', about: 'answers 410: it has disappeared' },
    events: ['OrderStarted', 'OrderCompleted'],
    answers: [410, 204],
  },
];

/** The registration of a partner: a line about each event, so that all of them fit on the screen. */
export function registrationOf({ name, events }: Partner, url: string): object {
  const text = '{{full_path}} · {{order_status}} · {{total_amount | money}} {{currency}}';
  const json_body = { event: '{{event_type}}', number: '{{sequence}}', text };
  return { uid: name, event_types: events, http_request: { url, json_body } };
}
