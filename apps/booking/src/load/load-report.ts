import type { LoadReceiver } from './load-receiver.js';
import type { OrderStream } from './order-stream.js';

/** A number as people read it: 5,000. */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** What came of it at one receiver. */
export interface ReceiverReport {
  readonly name: string;
  readonly about: string;
  readonly events: number;
  readonly delivered: number;
  readonly retried: number;
  readonly failed: number;
  readonly repeated: number;
  /** What the app acknowledged and the receiver never took. */
  readonly lost: readonly string[];
  /** Milliseconds from commit to receipt of what was delivered, sorted. */
  readonly latencies: readonly number[];
}

/** Compares what the app acknowledged with what a receiver took. */
export function reportOf(
  receiver: Pick<LoadReceiver, 'manner' | 'taken' | 'retried' | 'failed' | 'repeated'>,
  { acknowledged }: Pick<OrderStream, 'acknowledged'>,
): ReceiverReport {
  const { manner, taken, retried, failed, repeated } = receiver;
  const delivered = [...acknowledged].filter(([about]) => taken.has(about));
  // A request may overtake the answer to whom the commit was acknowledged.
  const latencies = delivered.map(([about, committedAt]) => Math.max(0, taken.get(about)! - committedAt));
  return {
    ...{ name: manner.name, about: manner.about, retried, failed, repeated },
    events: acknowledged.size,
    delivered: delivered.length,
    lost: [...acknowledged.keys()].filter((about) => !taken.has(about)),
    latencies: latencies.sort((a, b) => a - b),
  };
}

/** The value below which `share` of the sorted values lie; null of none. */
export function percentile(sorted: readonly number[], share: number): number | null {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? null;
}

/** What must not be: refused orders, and events that were acknowledged and never arrived. A sentence for each. */
export function faultsOf(
  { refused, refusal }: Pick<OrderStream, 'refused' | 'refusal'>,
  reports: readonly ReceiverReport[],
): string[] {
  const refusals =
    refused === 0 ? [] : [`${count(refused)} orders failed, the first with: ${String(refusal)}`];
  const losses = reports.filter(({ lost }) => lost.length > 0);
  return [
    ...refusals,
    ...losses.map(({ name, lost }) => {
      const shown = lost.slice(0, SHOWN_LOST).join(', ');
      return `${count(lost.length)} events were acknowledged and never arrived at "${name}": ${shown}`;
    }),
  ];
}

const SHOWN_LOST = 5;
const COLUMNS = ['receiver', 'events', 'delivered', 'retried', 'failed', 'repeated', 'lost'];
const SHARES = { p50: 0.5, p95: 0.95, p99: 0.99, max: 1 };

function milliseconds(value: number | null): string {
  if (value === null) return '–';
  return value < 10 ? value.toFixed(1) : count(Math.round(value));
}

function cells(report: ReceiverReport): string[] {
  const { events, delivered, retried, failed, repeated, lost, latencies } = report;
  const counts = [events, delivered, retried, failed, repeated, lost.length].map(count);
  const times = Object.values(SHARES).map((share) => milliseconds(percentile(latencies, share)));
  return [report.name, ...counts, ...times];
}

/** The table at the end, a line each; times are milliseconds from commit to receipt. */
export function tableOf(reports: readonly ReceiverReport[]): string[] {
  const rows = [[...COLUMNS, ...Object.keys(SHARES).map((name) => `${name} ms`)], ...reports.map(cells)];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)))
      .join('  '),
  );
}
