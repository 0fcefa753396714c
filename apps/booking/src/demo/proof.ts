import type { Arrival } from './arrival.js';
import { summaryOf } from './arrival.js';
import type { Expectations } from './literals.js';
import { isGenuine } from './signature.js';
import { NASTY_SUBJECT } from './journey.js';
import type { Books } from './reconciliation.js';
import type { Stage } from './stage.js';
import { RETRY_WAITS } from './stage.js';
import type { Traces } from './story.js';
import { AIRGATEWAY, EVERYTHING, REFUND_DESK } from './subscribers.js';
import type { Verdicts } from './verdicts.js';

/** The library varies every wait by this much. */
const JITTER = 0.2;
/** A clock that counts in whole milliseconds may be off by one. */
const TICK_MS = 1;

const RECORD = `
  SELECT e.type, e.sequence, d.state, d.attempts, a.number, a.status
  FROM webhooks_deliveries d
  JOIN webhooks_events e ON e.id = d.event_id
  JOIN webhooks_attempts a ON a.delivery_id = d.id
  WHERE d.tenant = 'nube-travel'
  ORDER BY e.sequence, d.attempts, d.id, a.number`;

/** Everything that happened, to be compared with what was promised. */
export interface Evidence {
  readonly stage: Stage;
  readonly arrivals: readonly Arrival[];
  readonly secrets: ReadonlyMap<string, string>;
  readonly rollback: { readonly before: Traces; readonly after: Traces };
  readonly books: Books;
  /** Epoch milliseconds. */
  readonly startedAt: number;
}

/** Compares what the receiver has in its log, and the app in its tables, with the files of `expected/`. */
export class Proof {
  constructor(
    private readonly evidence: Evidence,
    private readonly expected: Expectations,
    private readonly verdicts: Verdicts,
  ) {}

  async give(): Promise<void> {
    this.bodies();
    this.arrivals();
    this.signatures();
    this.retries();
    await this.record();
    this.rollback();
    await this.journey();
  }

  private bodies(): void {
    const [vendor] = this.to(AIRGATEWAY.path);
    const vendorPromise = "AirGateway's example arrives byte for byte as documented";
    this.verdicts.same(vendorPromise, messageOf(vendor), this.expected.read('airgateway.http'));
    for (const arrival of this.to(EVERYTHING.path)) {
      const promise = `${arrival.type} arrives in the standard envelope with every field of the order`;
      const actual = normalised(arrival, this.evidence.startedAt);
      this.verdicts.same(promise, actual, this.expected.read(`${arrival.type}.json`));
    }
    const [refund] = this.to(REFUND_DESK.path);
    const promise = 'path, header and body of the refund desk are filled in, its number stays a number';
    this.verdicts.same(promise, messageOf(refund), this.expected.read('refund-desk.http'));
  }

  private arrivals(): void {
    const lines = this.evidence.arrivals.map(summaryOf).sort().join('\n');
    const promise = "the receiver's log holds these requests and no other";
    this.verdicts.same(promise, lines, this.expected.read('arrivals.txt'));
  }

  private signatures(): void {
    const refused = this.evidence.arrivals.filter(
      ({ request }) => !isGenuine(request, this.evidence.secrets.get(request.path) ?? ''),
    );
    const promise = 'every request verifies, and none with one character changed';
    this.verdicts.holds(promise, refused.length === 0, `refused: ${refused.map(summaryOf).join(', ')}`);
  }

  private retries(): void {
    const attempts = this.to(REFUND_DESK.path);
    const ids = new Set(attempts.map(({ eventId }) => eventId));
    const bodies = new Set(attempts.map(({ request }) => request.body));
    const same = attempts.length > 1 && ids.size === 1 && bodies.size === 1;
    this.verdicts.holds('a retry is the same event in the same bytes', same, 'id or body changed');
    const times = attempts.map(({ request }) => request.receivedAt);
    const waits = RETRY_WAITS.map((_, index) => (times[index + 1] ?? NaN) - (times[index] ?? NaN));
    const patient = RETRY_WAITS.every((wait, index) => waits[index]! + TICK_MS >= wait * (1 - JITTER));
    const schedule = `no retry before its time (${RETRY_WAITS.join(' and ')} ms, ±20 %)`;
    this.verdicts.holds(schedule, patient, `waited ${waits.join(' and ')} ms`);
  }

  private async record(): Promise<void> {
    const rows = await this.evidence.stage.rows(RECORD);
    const lines = rows.map(
      (row) =>
        `${row['type']} sequence ${row['sequence']} ${row['state']} after ${row['attempts']}: attempt ${row['number']} got ${row['status']}`,
    );
    const promise = 'the app has every attempt and its outcome on record';
    this.verdicts.same(promise, lines.join('\n'), this.expected.read('record.txt'));
    const answers = this.evidence.stage.api.answers.map(({ line }) => line).join('\n');
    this.verdicts.same(
      'the app answered its callers as expected',
      answers,
      this.expected.read('answers.txt'),
    );
  }

  private rollback(): void {
    const { before, after } = this.evidence.rollback;
    this.verdicts.same('a rolled-back booking leaves no row', after.rows, before.rows);
    const sent = after.requests - before.requests;
    this.verdicts.holds('a rolled-back booking sends nothing', sent === 0, `${sent} requests arrived`);
  }

  private async journey(): Promise<void> {
    const { stage, books } = this.evidence;
    const text = [...books.told, '', 'owed', ...books.owed, '', 'owed afterwards', ...books.owedAfterwards];
    const promise =
      'the archive tells who was told what, what is owed, and what was paid by sending it again';
    this.verdicts.same(promise, text.join('\n'), this.expected.read('journey.txt'));
    const ids = stage.partners.requestsTo('/twice').map(({ headers }) => headers['webhook-id']);
    const once = ids.length === 2 && new Set(ids).size === 1;
    this.verdicts.holds('what came twice has one id, by which it is known', once, ids.join(', '));
    const rows = await stage.rows('SELECT subject FROM captured_emails');
    const kept = rows.length === 1 && rows[0]!['subject'] === NASTY_SUBJECT;
    this.verdicts.holds('a nasty subject is a text like any other', kept, JSON.stringify(rows));
  }

  private to(path: string): Arrival[] {
    return this.evidence.arrivals.filter(({ request }) => request.path === path);
  }
}

/** The request in the notation of HTTP, with the headers that the subscriber asked for. */
function messageOf(arrival: Arrival | undefined): string {
  if (!arrival) return '(nothing arrived)';
  const { method, path, headers, body } = arrival.request;
  const asked = ['authorization', 'x-booking-reference', 'content-type'].filter((name) => headers[name]);
  return [`${method} ${path}`, ...asked.map((name) => `${name}: ${headers[name]}`), '', body].join('\n');
}

/** The body with a line for every field, and names in place of the two values that are new in every run. */
function normalised({ request, eventId, envelope }: Arrival, startedAt: number): string {
  const json: unknown = JSON.parse(request.body);
  // Laid out for reading only if nothing but the layout is lost by it.
  if (JSON.stringify(json) !== request.body) return request.body;
  const text = JSON.stringify(json, null, 2).replaceAll(eventId, '<webhook-id>');
  const timestamp = envelope?.timestamp ?? '';
  const at = Date.parse(timestamp);
  return at >= startedAt && at <= Date.now() ? text.replaceAll(timestamp, '<time of publishing>') : text;
}
