import type { InputIssues } from './input-issues.js';
import { isRecord, isWholeNumber } from './parse-fields.js';
import type { SubscriptionLimits } from './subscription.js';

const CONCURRENCY = 1_000;
const RATE_LIMIT = 10_000;
const HOUR_SECONDS = 3_600;
const DAY_SECONDS = 24 * HOUR_SECONDS;
const RETRIES = 20;

type Parser = (value: unknown, issues: InputIssues) => unknown;

const PARSERS: Readonly<Record<keyof SubscriptionLimits, Parser>> = {
  concurrency: (value, issues) => {
    if (isWholeNumber(value, 1, CONCURRENCY)) return value;
    return void issues.add('limits.concurrency', `It must be a whole number from 1 to ${CONCURRENCY}.`);
  },
  rate: (value, issues) => {
    const { limit, per, ...others } = isRecord(value) ? value : {};
    const isProper = isWholeNumber(limit, 1, RATE_LIMIT) && isWholeNumber(per, 1, HOUR_SECONDS);
    if (isProper && Object.keys(others).length === 0) return { limit, per };
    const form = `{ "limit": 1 to ${RATE_LIMIT} requests, "per": 1 to ${HOUR_SECONDS} seconds }`;
    return void issues.add('limits.rate', `It must be ${form}.`);
  },
  retry_schedule: (value, issues) => {
    const isProper = Array.isArray(value) && value.length > 0 && value.length <= RETRIES;
    if (isProper && value.every((wait) => isWholeNumber(wait, 1, DAY_SECONDS))) return value;
    const form = `1 to ${RETRIES} waits of 1 to ${DAY_SECONDS} seconds each: [5, 300, 1800]`;
    return void issues.add('limits.retry_schedule', `It must be ${form}.`);
  },
};

/** `{ concurrency?, rate?: { limit, per }, retry_schedule? }`, times in seconds. */
export function parseLimits(value: unknown, issues: InputIssues): SubscriptionLimits {
  if (value === undefined || value === null) return {};
  if (!isRecord(value)) {
    issues.add('limits', 'It must be an object: { "concurrency": 4 }.');
    return {};
  }
  const known = Object.keys(PARSERS);
  for (const name of Object.keys(value).filter((each) => !known.includes(each)))
    issues.add(`limits.${name}`, `There is no such limit; there is ${known.join(', ')}.`);
  const given = Object.entries(PARSERS).filter(([name]) => value[name] !== undefined && value[name] !== null);
  return Object.fromEntries(given.map(([name, parse]) => [name, parse(value[name], issues)]));
}
