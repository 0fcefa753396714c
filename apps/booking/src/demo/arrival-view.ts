import type { Arrival, Envelope } from './arrival.js';
import { colouredJson, indented, readableJson } from './json-text.js';
import type { Terminal } from './terminal.js';
import { WIDTH } from './terminal.js';

const INDENT = 6;
const HEADERS = ['authorization', 'x-booking-reference', 'content-type'];
const WEBHOOK_HEADERS = ['webhook-id', 'webhook-attempt', 'webhook-timestamp', 'webhook-signature'];

/** What else there is to say about an arrival. */
export interface Remarks {
  /** Null: nobody here knows the secret. */
  readonly genuine: boolean | null;
  readonly answered: number;
}

function eventOf({ type, sequence, attempt }: Arrival): string {
  const parts = [type, sequence && `sequence ${sequence}`, attempt && `attempt ${attempt}`];
  return parts.filter(Boolean).join(' · ');
}

/** Shows what arrived. Of an envelope that follows another only what differs, of a retry no body again. */
export class ArrivalView {
  private previous: Envelope | null = null;
  private readonly bodies = new Set<string>();
  /** When the latest attempt of a delivery arrived. */
  private readonly latest = new Map<string, number>();

  constructor(private readonly terminal: Terminal) {}

  show(arrival: Arrival, remarks: Remarks): void {
    const { request } = arrival;
    const { paint } = this.terminal;
    const target = `${request.method} ${request.path}`;
    const event = eventOf(arrival);
    const gap = ' '.repeat(Math.max(2, WIDTH - target.length - event.length - 4));
    this.terminal.say(`\n  ${paint.magenta('◀')} ${paint.bold(target)}${gap}${paint.magenta(event)}`);
    for (const name of [...HEADERS, ...WEBHOOK_HEADERS]) this.header(name, request.headers[name]);
    this.body(arrival);
    this.terminal.say(`${' '.repeat(INDENT)}${this.verdict(remarks)}${this.pause(arrival)}`);
  }

  private pause({ request, eventId, attempt }: Arrival): string {
    const delivery = `${eventId} ${request.path}`;
    const before = this.latest.get(delivery);
    this.latest.set(delivery, request.receivedAt);
    if (before === undefined) return '';
    const seconds = ((request.receivedAt - before) / 1000).toFixed(2);
    return this.terminal.paint.dim(`   ${seconds} s after attempt ${attempt - 1}`);
  }

  private header(name: string, value: string | undefined): void {
    if (value === undefined) return;
    this.terminal.say(`${' '.repeat(INDENT)}${this.terminal.paint.dim(name.padEnd(19))} ${value}`);
  }

  private body({ request, content, envelope }: Arrival): void {
    const { dim } = this.terminal.paint;
    const key = `${request.headers['webhook-id']} ${request.body}`;
    if (this.bodies.has(key)) {
      const length = Buffer.byteLength(request.body);
      return this.terminal.say(`${' '.repeat(INDENT)}${dim(`(the same ${length} bytes as before)`)}`);
    }
    this.bodies.add(key);
    const { shown, left } = envelope ? this.news(envelope) : { shown: content, left: 0 };
    const json = colouredJson(readableJson(shown, WIDTH - INDENT), this.terminal.paint);
    this.terminal.say(indented(json, INDENT));
    if (left > 0) {
      const note = `(and ${left} more fields of data, unchanged since ${this.previous?.type})`;
      this.terminal.say(`${' '.repeat(INDENT)}${dim(note)}`);
    }
    this.previous = envelope ?? this.previous;
  }

  private news(envelope: Envelope): { shown: unknown; left: number } {
    const before = this.previous?.data;
    if (before?.['agw_id'] !== envelope.data['agw_id']) return { shown: envelope, left: 0 };
    const all = Object.entries(envelope.data);
    const changed = all.filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(before?.[name]));
    return {
      shown: { ...envelope, data: Object.fromEntries(changed) },
      left: all.length - changed.length,
    };
  }

  private verdict({ genuine, answered }: Remarks): string {
    const { paint } = this.terminal;
    const signature =
      genuine === null
        ? paint.dim('signed; verify it with the secret that you got when you subscribed')
        : genuine
          ? paint.green('✓ signature verified by standardwebhooks')
          : paint.red('✗ signature refused by standardwebhooks');
    const answer = answered < 300 ? paint.green(`${answered}`) : paint.red(`${answered}`);
    return `${signature}   ${paint.dim('answered')} ${answer}`;
  }
}
