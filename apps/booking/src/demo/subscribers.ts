import { BOOKED } from './demo-system.module.js';

/** One of the receivers in the story. */
export interface Subscriber {
  readonly name: string;
  /** Why it is in the story. */
  readonly about: string;
  /** Its registration in `given/`. */
  readonly file: string;
  /** What is registered beside that. */
  readonly besides: object;
  /** Where its requests arrive. */
  readonly path: string;
  /** What it answers to its requests, one after the other; the last one repeats. */
  readonly answers: readonly [number, ...number[]];
}

/** AirGateway's, whose documentation must work as it stands. */
export const AIRGATEWAY: Subscriber = {
  name: 'AirGateway',
  about: "AirGateway's own example; only its host is the receiver's",
  file: 'airgateway',
  besides: { event_types: ['OrderTicketed'] },
  path: '/api/order-ticketed',
  answers: [204],
};

/** Every event in the standard envelope. */
export const EVERYTHING: Subscriber = {
  name: 'everything',
  about: 'plain: every event, whole, in the standard envelope',
  file: 'everything',
  besides: {},
  path: '/everything',
  answers: [204],
};

/** Out of order at first. */
export const REFUND_DESK: Subscriber = {
  name: 'refund desk',
  about: 'placeholders in path, header and body; will fail twice',
  file: 'refund-desk',
  besides: {},
  path: `/refunds/${BOOKED}`,
  answers: [500, 503, 204],
};

/** All of them, in the order of their registration. */
export const SUBSCRIBERS = [AIRGATEWAY, EVERYTHING, REFUND_DESK] as const;

/** What the receiver answered to this attempt. */
export function answerTo({ answers }: Subscriber, attempt: number): number {
  return answers[attempt - 1] ?? answers.at(-1) ?? answers[0];
}
