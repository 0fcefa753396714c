import { setTimeout as sleep } from 'node:timers/promises';
import type { DeliveryView, EventView } from 'nestjs-webhooks';
import { FLOWN, PARTNERS, TRAVELLER } from './journey-cast.js';
import type { Stage } from './stage.js';
import type { Terminal } from './terminal.js';

/** Longer than a busy machine needs. */
const PATIENCE_MS = 20_000;
const LOOK_MS = 50;
/** Longer than the journey. */
const LOOK_BACK_MS = 30 * 86_400_000;
const SCOPE = { tenant: TRAVELLER.consumerId };
const NOT_FOR_HIM = '·';

/** What the archive says: who was told what, what is owed, and what is owed after recovery. */
export interface Books {
  readonly told: readonly string[];
  readonly owed: readonly string[];
  readonly owedAfterwards: readonly string[];
}

/** Reads from the module's own archive what became of the journey's events, and sends what failed again. */
export class Reconciliation {
  constructor(
    private readonly stage: Stage,
    private readonly terminal: Terminal,
  ) {}

  async make(): Promise<Books> {
    this.terminal.heading('The books, from the archive: who was told what, and what is still owed');
    await this.stage.webhooks.drain();
    const told = await this.table();
    for (const line of told) this.terminal.say(`    ${line}`);
    const owed = await this.owed();
    this.say('owed', owed);
    await this.recover();
    const owedAfterwards = await this.owed();
    this.say('owed after a recovery of "failing" and a replay to "gone", both repaired', owedAfterwards);
    return { told, owed, owedAfterwards };
  }

  private async table(): Promise<string[]> {
    const names = await this.names();
    const head = ['#', 'event', ...names.values()];
    const rows = [];
    for (const event of await this.events()) {
      const { deliveries } = await this.stage.events.get(event.id, SCOPE);
      const cells = [...names.keys()].map((id) =>
        cellOf(deliveries.find((one) => one.subscription_id === id)),
      );
      rows.push([String(event.sequence), event.type, ...cells]);
    }
    const all = [head, ...rows];
    const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
    return all.map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    );
  }

  /** Names of the partners by their subscriptions' ids. */
  private async names(): Promise<Map<string, string>> {
    const { items } = await this.stage.subscriptions.list(SCOPE);
    const idOf = (name: string): string => items.find(({ uid }) => uid === name)?.id ?? '';
    return new Map(PARTNERS.map(({ name }) => [idOf(name), name]));
  }

  private async events(): Promise<EventView[]> {
    const { items } = await this.stage.events.list({ subject: `order:${FLOWN}`, limit: 250 }, SCOPE);
    return [...items].sort((a, b) => Number(a.sequence) - Number(b.sequence));
  }

  private async owed(): Promise<string[]> {
    const { items } = await this.stage.events.list({ state: 'undelivered' }, SCOPE);
    return items.map(({ type, sequence }) => `${type} sequence ${sequence}`).sort();
  }

  /** The receivers answer again: one gets what had failed, the other everything since he was gone. */
  private async recover(): Promise<void> {
    const { subscriptions, jobs, time } = this.stage;
    const since = new Date(time.now() - LOOK_BACK_MS);
    const failing = await subscriptions.getByUid('failing', SCOPE);
    const gone = await subscriptions.getByUid('gone', SCOPE);
    await subscriptions.enable(gone.id, SCOPE);
    const begun = [
      await jobs.recover(failing.id, { since }, SCOPE),
      await jobs.replay(gone.id, { since }, SCOPE),
    ];
    for (const { id } of begun) await this.terminal.waiting('what is sent again', this.over(id));
  }

  private async over(id: string): Promise<void> {
    const deadline = Date.now() + PATIENCE_MS;
    while (Date.now() < deadline) {
      await this.stage.webhooks.drain();
      const { state } = await this.stage.jobs.get(id, SCOPE);
      if (state === 'done' || state === 'failed' || state === 'canceled') return;
      await sleep(LOOK_MS);
    }
  }

  private say(what: string, lines: readonly string[]): void {
    const { bold, dim } = this.terminal.paint;
    this.terminal.say(`\n    ${bold(what)}`);
    for (const line of lines) this.terminal.say(`      ${line}`);
    if (lines.length === 0) this.terminal.say(dim('      nothing'));
  }
}

function cellOf(delivery: DeliveryView | undefined): string {
  if (!delivery) return NOT_FOR_HIM;
  return delivery.attempts === 1 ? delivery.state : `${delivery.state} after ${delivery.attempts}`;
}
