import type { DeliveryView } from 'nestjs-webhooks';
import type { Behaviour } from 'nestjs-webhooks/testing';

/** What is on record after the first attempt. */
export type Recorded = Pick<DeliveryView, 'state' | 'last_status' | 'last_error'>;

/** How a receiver misbehaves, and what is to be on record of it. */
export interface Case {
  readonly behaviour: Behaviour | 'refuse';
  readonly recorded: Recorded;
  /** Only the deadline ends it. */
  readonly hangs?: true;
  /** The receiver has taken the message, by its own account. */
  readonly taken?: true;
}

const pending = (error: string, status: number | null = null): Recorded => ({
  state: 'pending',
  last_status: status,
  last_error: error,
});
const succeeded = (status: number): Recorded => ({
  state: 'succeeded',
  last_status: status,
  last_error: null,
});

/** By what it does. */
export const CASES: Readonly<Record<string, Case>> = {
  'refuses connections': { behaviour: 'refuse', recorded: pending('CONNECTION_REFUSED') },
  'hangs before the headers': { behaviour: { kind: 'hang' }, recorded: pending('TIMEOUT'), hangs: true },
  'drips its body': { behaviour: { kind: 'drip' }, recorded: pending('TIMEOUT'), hangs: true, taken: true },
  'sends 103 for ever': {
    behaviour: { kind: 'early-hints', repeat: true },
    recorded: pending('TIMEOUT'),
    hangs: true,
  },
  'sends 100 for ever': {
    behaviour: { kind: 'continue', repeat: true },
    recorded: pending('TIMEOUT'),
    hangs: true,
  },
  'answers after the deadline': {
    behaviour: { status: 200, delayMs: 60_000 },
    recorded: pending('TIMEOUT'),
    hangs: true,
    taken: true,
  },
  'sends an unasked 100 first': { behaviour: { kind: 'continue' }, recorded: succeeded(200) },
  'sends early hints first': { behaviour: { kind: 'early-hints' }, recorded: succeeded(200) },
  'switches protocols': { behaviour: { kind: 'upgrade' }, recorded: pending('BAD_RESPONSE') },
  'closes without a byte': { behaviour: { kind: 'close' }, recorded: pending('CONNECTION_RESET') },
  'resets before it answers': { behaviour: { kind: 'reset' }, recorded: pending('CONNECTION_RESET') },
  'resets in the status line': {
    behaviour: { kind: 'raw', bytes: 'HTTP/1.' },
    recorded: pending('CONNECTION_RESET'),
  },
  'resets after the headers of a 200': {
    behaviour: { kind: 'reset', after: 'headers' },
    recorded: succeeded(200),
  },
  'resets in the body of a 500': {
    behaviour: { kind: 'reset', after: 'body', status: 500 },
    recorded: pending('HTTP_STATUS', 500),
  },
  'sends half the body of a 200': { behaviour: { kind: 'half-body' }, recorded: succeeded(200) },
  'sends half the body of a 502': {
    behaviour: { kind: 'half-body', status: 502 },
    recorded: pending('HTTP_STATUS', 502),
  },
  'sends garbage': { behaviour: { kind: 'garbage' }, recorded: pending('BAD_RESPONSE') },
  'sends 100 MB': { behaviour: { kind: 'large-body' }, recorded: succeeded(200) },
  'sends a body without end': { behaviour: { kind: 'endless-body' }, recorded: succeeded(200) },
  'sends a gzip bomb': { behaviour: { kind: 'gzip-bomb' }, recorded: succeeded(200) },
  'sends 64 kB of headers': {
    behaviour: { kind: 'large-headers' },
    recorded: pending('BAD_RESPONSE'),
    taken: true,
  },
  'redirects by 301': {
    behaviour: { kind: 'redirect', to: '/elsewhere', status: 301 },
    recorded: pending('HTTP_STATUS', 301),
  },
  'redirects by 307': {
    behaviour: { kind: 'redirect', to: '/elsewhere', status: 307 },
    recorded: pending('HTTP_STATUS', 307),
  },
  'answers 400': { behaviour: 400, recorded: pending('HTTP_STATUS', 400) },
  'answers 500': { behaviour: 500, recorded: pending('HTTP_STATUS', 500) },
  'answers 599': { behaviour: 599, recorded: pending('HTTP_STATUS', 599) },
};
