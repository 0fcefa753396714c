import { OptionsInvalidError } from '../errors/options-invalid-error.js';
import type { RetentionOptions } from './retention-options.js';

/** The token under which the periods are provided. */
export const RETENTION = Symbol('WEBHOOKS_RETENTION');

/** For how long things are kept, in milliseconds; null: for ever. */
export interface RetentionSettings {
  readonly events: number | null;
  readonly deliveries: number | null;
  readonly payloads: number | null;
}

/** The same, and whether this process is one of those that sweep. */
export interface RetentionDuty extends RetentionSettings {
  readonly sweeps: boolean;
}

const DAY_MS = 86_400_000;
const DEFAULTS = { events: 'forever', deliveries: 30, payloads: 'forever' } as const;

/** @throws OptionsInvalidError */
export function retentionSettings(days: RetentionOptions): RetentionSettings {
  const { events, deliveries, payloads } = { ...DEFAULTS, ...days };
  const settings = {
    events: periodOf('events', events),
    deliveries: periodOf('deliveries', deliveries),
    payloads: periodOf('payloads', payloads),
  };
  checkPayloads(settings);
  return settings;
}

// A payload that has to wait for an open delivery is found again by that delivery, when it is deleted.
function checkPayloads({ deliveries, payloads }: RetentionSettings): void {
  if (payloads === null || deliveries !== null) return;
  throw new OptionsInvalidError(
    'retention.deliveries',
    `is 'forever' beside retention.payloads; it must be a number of days, after which a payload goes that was needed for longer`,
  );
}

function periodOf(name: string, days: unknown): number | null {
  if (days === 'forever') return null;
  if (typeof days === 'number' && Number.isFinite(days) && days > 0) return days * DAY_MS;
  throw new OptionsInvalidError(
    `retention.${name}`,
    `is ${String(days)}; it must be a number of days above 0, or 'forever'`,
  );
}
