import type { Arrival } from './arrival.js';
import { arrivalsOf } from './arrival.js';
import { ArrivalView } from './arrival-view.js';
import type { Answer } from './booking-client.js';
import { BOOKED, ROLLED_BACK } from './demo-system.module.js';
import { colouredJson, indented, readableJson } from './json-text.js';
import { given } from './literals.js';
import { isGenuine } from './signature.js';
import type { Stage } from './stage.js';
import { RETRY_WAITS } from './stage.js';
import type { Subscriber } from './subscribers.js';
import { answerTo, REFUND_DESK, SUBSCRIBERS } from './subscribers.js';
import type { Terminal } from './terminal.js';
import { WIDTH } from './terminal.js';

/** What there is of a rolled-back booking: rows and requests. */
export interface Traces {
  readonly rows: string;
  readonly requests: number;
}

/** Longer than a busy machine needs. */
const PATIENCE_MS = 20_000;
const TABLES = ['orders', 'passengers', 'segments', 'webhooks_events', 'webhooks_deliveries'];

/** Plays the part of the agent, and shows what her doings cause. */
export class Story {
  /** Signing secrets by path. */
  readonly secrets = new Map<string, string>();
  private readonly view: ArrivalView;
  private shown = 0;

  constructor(
    private readonly stage: Stage,
    private readonly terminal: Terminal,
  ) {
    this.view = new ArrivalView(terminal);
  }

  async subscribe(): Promise<void> {
    this.terminal.heading('Three receivers subscribe, over the REST API of the booking app');
    for (const subscriber of SUBSCRIBERS) await this.register(subscriber);
  }

  async book(): Promise<void> {
    this.terminal.heading('An agent puts a flight for three on hold');
    this.told(await this.stage.api.post('/orders', given('order')));
    await this.arriving(1, 'the webhook');
  }

  async ticket(): Promise<void> {
    this.terminal.heading('She pays, and the tickets are issued');
    this.stage.clock.moveTo('2026-03-10T09:20:30Z');
    this.told(await this.stage.api.post(`/orders/${BOOKED}/ticket`, { card_token: 'tok_visa' }));
    await this.arriving(2, 'both webhooks');
  }

  async cancel(): Promise<void> {
    this.terminal.heading('The passenger falls ill, she cancels; the refund desk is out of order');
    this.stage.clock.moveTo('2026-04-02T16:05:00Z');
    const reason = { reason: 'illness', refund_amount: 400.5 };
    this.told(await this.stage.api.post(`/orders/${BOOKED}/cancel`, reason));
    await this.arriving(2, 'both webhooks');
    for (const wait of RETRY_WAITS) await this.arriving(1, `the next attempt, in about ${wait / 1000} s`);
  }

  /** Returns what there was before and after. */
  async decline(): Promise<{ before: Traces; after: Traces }> {
    this.terminal.heading(
      'Another booking is written with its event, then its card is declined: rolled back',
    );
    const before = await this.traces();
    this.told(
      await this.stage.api.post('/orders', { ...given('order'), hold: false, card_token: 'tok_declined' }),
    );
    await this.terminal.waiting('everything that is still to be sent', this.stage.webhooks.drain());
    this.told(await this.stage.api.get(`/orders/${ROLLED_BACK}`));
    const after = await this.traces();
    const { paint } = this.terminal;
    this.terminal.say(`\n    ${paint.dim('rows before   ')} ${before.rows}`);
    this.terminal.say(`    ${paint.dim('rows after    ')} ${after.rows}`);
    this.terminal.say(`    ${paint.dim('requests sent ')} ${after.requests - before.requests}`);
    return { before, after };
  }

  private async register(subscriber: Subscriber): Promise<void> {
    const { about, besides, file, path, answers } = subscriber;
    const { receiver, api } = this.stage;
    receiver.answer(path, ...answers);
    const body = { ...besides, ...given(file, receiver.url('')) };
    const answer = await api.post('/webhooks/subscriptions', body);
    this.told(answer, about);
    const json = colouredJson(readableJson(body, WIDTH - 6), this.terminal.paint);
    this.terminal.say(indented(json, 6));
    this.secrets.set(path, String(answer.body['secret']));
  }

  private async arriving(count: number, what: string): Promise<void> {
    const { receiver } = this.stage;
    await this.terminal.waiting(what, receiver.waitFor(this.shown + count, { timeoutMs: PATIENCE_MS }));
    const news = arrivalsOf(receiver.requests).slice(this.shown, this.shown + count);
    // Receivers are served side by side: their order is nobody's promise.
    for (const arrival of news.sort((a, b) => a.request.path.localeCompare(b.request.path)))
      this.show(arrival);
    this.shown += count;
  }

  private show(arrival: Arrival): void {
    const { path } = arrival.request;
    const subscriber = SUBSCRIBERS.find((candidate) => candidate.path === path) ?? REFUND_DESK;
    const genuine = isGenuine(arrival.request, this.secrets.get(path) ?? '');
    this.view.show(arrival, { genuine, answered: answerTo(subscriber, arrival.attempt) });
  }

  private told({ line, status, body }: Answer, about = String(body['message'] ?? '')): void {
    const { paint } = this.terminal;
    const dye = status < 300 ? paint.blue : paint.yellow;
    this.terminal.say(`\n  ${dye('▶')} ${paint.bold(line)}${about && paint.dim(`  ${about}`)}`);
  }

  private async traces(): Promise<Traces> {
    const counts = TABLES.map((table) => `(SELECT count(*) FROM ${table}) AS ${table}`);
    const [row] = await this.stage.rows(`SELECT ${counts.join(', ')}`);
    const rows = TABLES.map((table) => `${table} ${String(row?.[table])}`).join(', ');
    return { rows, requests: this.stage.receiver.requests.length };
  }
}
