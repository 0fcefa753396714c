import { SEED } from '../database/seed.js';
import { given } from './literals.js';
import type { Paint } from './paint.js';

/** Where the receiver fails twice with every event before it accepts it. */
export const FAILING_PATH = '/fails-twice';

/** What has to be filled in. */
export interface Addresses {
  readonly app: string;
  readonly receiver: string;
  readonly paint: Paint;
}

function quoted(body: object): string {
  return `'${JSON.stringify(body)}'`;
}

/** Commands to copy, each with what it shows. */
export function whatToTry({ app, receiver, paint }: Addresses): string {
  const vendor = { event_types: ['OrderTicketed'], ...given('airgateway', receiver) };
  const failing = { event_types: ['OrderCanceled'], url: `${receiver}${FAILING_PATH}` };
  const step = (title: string, ...commands: string[]): string =>
    [`\n${paint.bold(`# ${title}`)}`, ...commands].join('\n');
  return [
    `\n${paint.bold('The booking app runs at')} ${paint.cyan(app)}`,
    `${paint.bold('A receiver listens at')}   ${paint.cyan(receiver)}, on every path; what arrives appears here`,
    `\nPaste this into another terminal, line by line:`,
    step(
      'Speak as an agent of the customer that the sample comes with',
      `api() { p=$1; shift; curl -sS "${app}$p" -H 'content-type: application/json' \\`,
      `  -H 'x-consumer-id: ${SEED.consumer.id}' -H 'x-agent-id: ${SEED.agent.id}' "$@"; echo; }`,
    ),
    step(
      "Subscribe: AirGateway's own example, every event whole, and a path that fails twice",
      `api /subscriptions -d ${quoted(vendor)}`,
      `api /subscriptions -d ${quoted(given('everything', receiver))}`,
      `api /subscriptions -d ${quoted(failing)}`,
    ),
    step('A typo is refused at once', `api /subscriptions -d ${quoted(typo(receiver))}`),
    step(
      'Book a flight, on hold, and keep its number',
      `AGW=$(api /orders -d ${quoted(given('order'))} | sed 's/.*"agw_id":"\\([^"]*\\)".*/\\1/'); echo $AGW`,
    ),
    step(
      'Ticket it, cancel it',
      `api /orders/$AGW/ticket -d '{"card_token":"tok_visa"}'`,
      `api /orders/$AGW/cancel -d '{"reason":"illness","refund_amount":400.5}'`,
    ),
    step(
      'A declined card rolls everything back: 402, and nothing arrives',
      `api /orders -d ${quoted({ ...given('order'), hold: false, card_token: 'tok_declined' })}`,
    ),
    step('List the subscriptions; secrets are masked', 'api /subscriptions'),
  ].join('\n');
}

function typo(receiver: string): object {
  return {
    event_types: ['OrderTicketed'],
    http_request: { url: `${receiver}/typo`, json_body: { pnr: '{{pnrr}}' } },
  };
}
