import type { ReceivedRequest } from 'nestjs-webhooks/testing';
import type { Answer, BookingClient } from './booking-client.js';
import { FLOWN, PARTNERS, registrationOf } from './journey-cast.js';
import { flights, retimed } from './journey-dates.js';
import { given } from './literals.js';
import type { Stage } from './stage.js';
import type { Terminal } from './terminal.js';
import { WIDTH } from './terminal.js';

/** Longer than a busy machine needs. */
const PATIENCE_MS = 20_000;
const HOUR_MS = 3_600_000;
const BAG = { passenger_ref: 'PAX1', segment_ref: 'SEG1', type: 'BAG', code: '0C3', quantity: 1, amount: 45 };
const SEAT = { passenger_ref: 'PAX1', segment_ref: 'SEG1', seat_number: '12A', amount: 12.5 };
/** What a mail may be called: quotes, braces, a mark that turns the direction of text, two scripts. */
export const NASTY_SUBJECT = `{{pnr}} "<b>' \u202e\\ 航班变更 ✈`;
// A terminal would turn the rest of the line.
const SHOWN_SUBJECT = JSON.stringify(NASTY_SUBJECT).replace('\u202e', '\\u202e');

/** An order from its first day to its last; what each chapter causes is shown a line each. */
export class Journey {
  private readonly api: BookingClient;
  private readonly now: number;
  private shown = 0;

  constructor(
    private readonly stage: Stage,
    private readonly terminal: Terminal,
  ) {
    this.api = stage.traveller;
    this.now = stage.time.now();
    stage.clock.moveTo(new Date(this.now).toISOString());
  }

  async play(): Promise<void> {
    await this.subscribe();
    await this.book();
    await this.change();
    await this.fly();
  }

  private async subscribe(): Promise<void> {
    this.terminal.heading("Another customer's partners subscribe: good ones and bad ones");
    for (const partner of PARTNERS) {
      const path = `/${partner.name}`;
      this.stage.partners.answer(path, ...partner.answers);
      const body = registrationOf(partner, this.stage.partners.url(path));
      this.told(await this.api.post('/webhooks/subscriptions', body), `${partner.name}: ${partner.about}`);
    }
  }

  private async book(): Promise<void> {
    this.terminal.heading('A flight on hold, a bag, a seat, the tickets');
    this.told(await this.api.post('/orders', { ...given('order'), segments: flights(this.now) }));
    await this.arriving(1);
    this.told(await this.api.post(`/orders/${FLOWN}/services`, { services: [BAG] }));
    await this.arriving(2);
    this.told(await this.api.post(`/orders/${FLOWN}/seats`, { seats: [SEAT] }));
    await this.arriving(2);
    this.told(await this.api.post(`/orders/${FLOWN}/ticket`, { card_token: 'tok_visa' }));
    await this.arriving(3, 'one of them twice');
  }

  private async change(): Promise<void> {
    this.terminal.heading(
      'The airline moves the flight by 95 minutes, and writes a mail; they fly a day later',
    );
    const notice = { agw_id: FLOWN, reason_code: 'RETIMED', confirmed: true, revised: [retimed(this.now)] };
    this.told(await this.api.post('/supplier/schedule-changes', notice));
    await this.arriving(2);
    const mail = {
      ...{ consumer_id: 'atlantico', agw_id: FLOWN, unique_code: 'c0ffee', category: 'Schedule change' },
      ...{ from: 'noreply@airline.example', to: 'atlantico@inbox.example', subject: NASTY_SUBJECT },
      link: 'https://mail.example/m/1?sig=4f1e',
      received_at: new Date(this.now).toISOString(),
      link_expires_at: new Date(this.now + HOUR_MS).toISOString(),
    };
    this.told(await this.api.post('/supplier/emails', mail), SHOWN_SUBJECT);
    await this.arriving(4, 'three of them attempts at a receiver that is out of order');
    const itinerary = { segments: flights(this.now, 1), amount_delta: 60 };
    this.told(await this.api.patch(`/orders/${FLOWN}`, { itinerary }));
    await this.arriving(4);
  }

  private async fly(): Promise<void> {
    this.terminal.heading('The clock passes the first departure, then the last arrival');
    const [out, back] = flights(this.now, 1) as [{ departure_local: string }, { arrival_local: string }];
    this.pass(out.departure_local);
    await this.arriving(2);
    this.pass(back.arrival_local);
    await this.arriving(1);
  }

  /** Moves both clocks past a local time in Madrid: read as UTC, it is an hour or two later. */
  private pass(local: string): void {
    const then = Date.parse(`${local}Z`);
    this.stage.clock.moveTo(new Date(then).toISOString());
    this.stage.time.advance(then - this.stage.time.now());
    const { bold, yellow } = this.terminal.paint;
    this.terminal.say(
      `\n  ${yellow('◷')} ${bold(`it is past ${local.replace('T', ' ').slice(0, 16)} in Madrid`)}`,
    );
  }

  private async arriving(count: number, besides = ''): Promise<void> {
    const { partners } = this.stage;
    const what = [`${count === 1 ? 'a webhook' : `${count} webhooks`}`, besides].filter(Boolean).join(', ');
    await this.terminal.waiting(what, partners.waitFor(this.shown + count, { timeoutMs: PATIENCE_MS }));
    const news = partners.requests.slice(this.shown, this.shown + count).map(lineOf);
    // Receivers are served side by side: their order is nobody's promise.
    for (const { path, event, text } of news.sort((a, b) => (a.order < b.order ? -1 : 1))) {
      const { bold, dim, magenta } = this.terminal.paint;
      this.terminal.say(
        `  ${magenta('◀')} ${bold(path.padEnd(9))} ${magenta(event.padEnd(42))} ${dim(text.slice(0, WIDTH - 57))}`,
      );
    }
    this.shown += count;
  }

  private told({ line, status, body }: Answer, about = String(body['message'] ?? '')): void {
    const { paint } = this.terminal;
    const dye = status < 300 ? paint.blue : paint.yellow;
    this.terminal.say(`\n  ${dye('▶')} ${paint.bold(line)}${about && paint.dim(`  ${about}`)}`);
  }
}

interface Line {
  readonly path: string;
  readonly event: string;
  readonly text: string;
  readonly order: string;
}

function lineOf({ path, headers, body }: ReceivedRequest): Line {
  const { event, number, text } = JSON.parse(body) as Record<string, string>;
  const attempt = headers['webhook-attempt'] ?? '1';
  return {
    path,
    event: `${event} · sequence ${number}${attempt === '1' ? '' : ` · attempt ${attempt}`}`,
    text: String(text),
    order: `${String(number).padStart(3, '0')} ${path} ${attempt}`,
  };
}
