import { SEED } from '../database/seed.js';
import { readableJson } from './json-text.js';
import { given, GIVEN } from './literals.js';
import type { Paint } from './paint.js';
import { WIDTH } from './terminal.js';

/** Columns of `api /webhooks/subscriptions -d ''`. */
const COMMAND = 31;

/** Where the receiver fails twice with every event before it accepts it. */
export const FAILING_PATH = '/fails-twice';

/** What has to be filled in. */
export interface Addresses {
  readonly app: string;
  readonly receiver: string;
  readonly paint: Paint;
}

/** Commands to copy, each with what it shows. */
export function whatToTry({ app, receiver, paint }: Addresses): string {
  const step = (title: string, ...commands: string[]): string =>
    [`\n${paint.bold(`# ${title}`)}`, ...commands].join('\n');
  return [
    `\n${paint.bold('The booking app runs at')} ${paint.cyan(app)}`,
    `${paint.bold('A receiver listens at')}   ${paint.cyan(receiver)}, on every path; what arrives appears here.`,
    `Paste this into another terminal, step by step:`,
    step(
      'Speak as an agent of the customer that the sample comes with; bodies are files of this folder',
      `GIVEN=${quoted(GIVEN)}`,
      `api() { p=$1; shift; curl -sS "${app}$p" -H 'content-type: application/json' \\`,
      `  -H 'x-consumer-id: ${SEED.consumer.id}' -H 'x-agent-id: ${SEED.agent.id}' "$@"; echo; }`,
    ),
    ...subscribing(receiver).map(([title, body]) =>
      step(title, `api /webhooks/subscriptions -d ${json(body)}`),
    ),
    step(
      'Book a flight, on hold, and keep its number',
      `AGW=$(api /orders -d @"$GIVEN/order.json" | sed 's/.*"agw_id":"\\([^"]*\\)".*/\\1/'); echo $AGW`,
    ),
    step('Pay and ticket it', `api /orders/$AGW/ticket -d '{ "card_token": "tok_visa" }'`),
    step('Cancel it', `api /orders/$AGW/cancel -d '{ "reason": "illness", "refund_amount": 400.5 }'`),
    step(
      'Book with a card that is declined: 402, everything is rolled back, nothing arrives',
      `sed 's/"hold": true/"hold": false, "card_token": "tok_declined"/' "$GIVEN/order.json" | api /orders -d @-`,
    ),
    step('List the subscriptions; secrets are masked', 'api /webhooks/subscriptions'),
    step(
      'What did not arrive yet, and what became of everything',
      "api '/webhooks/events?state=undelivered'",
      'api /webhooks/deliveries',
    ),
    step('All of this as OpenAPI 3.1', 'api /webhooks/openapi.json'),
  ].join('\n');
}

function subscribing(receiver: string): [string, object][] {
  const vendor = { event_types: ['OrderTicketed'], ...given('airgateway', receiver) };
  const misspelt = { url: `${receiver}/typo`, json_body: { pnr: '{{pnrr}}' } };
  return [
    ["Subscribe: AirGateway's own example, only the host is the receiver's", vendor],
    ['Subscribe to every event, whole', given('everything', receiver)],
    [
      'Subscribe with a path that fails twice before it accepts',
      { event_types: ['OrderCanceled'], url: `${receiver}${FAILING_PATH}` },
    ],
    [
      'Subscribe with a typo: refused at once, with the right spelling',
      { event_types: ['OrderTicketed'], http_request: misspelt },
    ],
  ];
}

function json(body: object): string {
  return quoted(readableJson(body, WIDTH - COMMAND));
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
