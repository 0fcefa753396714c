import type { Clock } from '../internal/clock.js';
import { errorFields } from '../internal/error-fields.js';
import type { Delivery, DeliveryState, Settlement } from './delivery.js';

/** Where the lines go: a text for people, and fields for who collects them. */
export interface LogLines {
  error(text: string, fields: object): void;
  warn(text: string, fields: object): void;
  debug(text: string, fields: object): void;
}

interface Silence {
  /** Monotonic milliseconds. */
  readonly until: number;
  suppressed: number;
}

/** Least time between two lines of the same kind about one subscription. */
const QUIET_MS = 60_000;
/** Subscriptions that are remembered to have had their line. */
const REMEMBERED = 1_000;
const GIVEN_UP: ReadonlySet<DeliveryState> = new Set(['exhausted', 'failed']);

/** What the dispatcher writes to the log: ids and codes, never what is in an event, a request or an answer. */
export class DeliveryLog {
  private readonly silences = new Map<string, Silence>();

  constructor(
    private readonly lines: LogLines,
    private readonly clock: Pick<Clock, 'monotonic'>,
  ) {}

  /** Outcomes are on record. */
  settled(settlements: readonly Settlement[]): void {
    for (const settlement of settlements)
      if (settlement.state !== 'succeeded' && settlement.state !== 'canceled') this.failed(settlement);
  }

  /** The database refuses what there is to record. */
  refused({ delivery }: Settlement, error: unknown, givenUp: boolean): void {
    const what = givenUp ? 'cannot be recorded, its lease will run out' : 'is recorded without its texts';
    this.trouble(`The outcome of a delivery ${what}`, error, delivery);
  }

  /** Something that is no receiver's fault. */
  trouble(text: string, error: unknown, delivery?: Delivery): void {
    this.lines.error(text, { ...(delivery && fieldsOf(delivery)), ...errorFields(error) });
  }

  /** Telemetry of the host's, for instance: it may fail at every look. */
  observerFailed(error: unknown): void {
    const suppressed = this.suppressed('observer');
    if (suppressed !== null)
      this.lines.error('An observer failed, the work goes on', { ...errorFields(error), suppressed });
  }

  /** For what comes as a rejection. */
  reporting(text: string): (error: unknown) => void {
    return (error) => this.trouble(text, error);
  }

  // A dead endpoint fails thousands of times: one line a minute says so.
  private failed({ state, attempt, delivery, retryInMs }: Settlement): void {
    if (attempt === null) return;
    const isOver = GIVEN_UP.has(state) && !delivery.event.isTest;
    const suppressed = this.suppressed(`${isOver ? 'over' : 'failed'} ${delivery.subscriptionId}`);
    if (suppressed === null) return;
    const { number, status, error: code } = attempt;
    const fields = { ...fieldsOf(delivery), attempt: number, state, code, status, suppressed };
    if (isOver) this.lines.warn('A delivery is given up', fields);
    else this.lines.debug('An attempt failed', { ...fields, retryInMs });
  }

  /** How many lines like this one were left out since the last; null: this one is, too. */
  private suppressed(kind: string): number | null {
    const now = this.clock.monotonic();
    const silence = this.silences.get(kind);
    if (silence && silence.until > now) {
      silence.suppressed++;
      return null;
    }
    if (this.silences.size >= REMEMBERED) this.silences.clear();
    this.silences.set(kind, { until: now + QUIET_MS, suppressed: 0 });
    return silence?.suppressed ?? 0;
  }
}

function fieldsOf({ id, event, subscriptionId, tenant }: Delivery): object {
  return { deliveryId: id, eventId: event.id, eventType: event.type, subscriptionId, tenant };
}
