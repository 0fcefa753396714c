import type { ReceivedRequest, WebhookReceiver } from 'nestjs-webhooks/testing';
import type { Host } from '../../support/host.js';
import { OrderCreated, OrderEntity } from '../../support/order-events.js';
import { dataOf } from '../../support/stage.js';
import type { Receipt, Verdict } from '../support/ledger.js';
import { Ledger } from '../support/ledger.js';
import { answeredWell } from './answered-well.js';

/** Nothing lost, nothing of a transaction that was rolled back, nothing twice. */
export const CLEAN: Verdict = { lost: [], phantoms: [], duplicates: [] };

function receiptOf(request: ReceivedRequest): Receipt {
  return {
    webhookId: request.headers['webhook-id']!,
    orderId: String(dataOf(request)['order_id']),
    succeeded: answeredWell(request.behaviour),
    path: request.path,
  };
}

/** The business of a host: orders that it commits or takes back, each with its event, and what its receivers saw of them. */
export class OrderBook {
  private readonly takenBack: string[] = [];

  constructor(private readonly host: Host) {}

  /** Commits an order and its event for each id, all in one transaction. */
  async commit(...ids: readonly string[]): Promise<void> {
    await this.host.webhooks.transaction(async (manager) => {
      for (const id of ids) await manager.insert(OrderEntity, { id, tenant: 'default', total: 1 });
      await this.host.webhooks.publishMany(ids.map((id) => ({ event: OrderCreated.of(id) })));
    });
  }

  /** The same, and the transaction is rolled back. */
  async takeBack(...ids: readonly string[]): Promise<void> {
    this.takenBack.push(...ids);
    const work = this.host.webhooks.transaction(async (manager) => {
      for (const id of ids) await manager.insert(OrderEntity, { id, tenant: 'default', total: 1 });
      await this.host.webhooks.publishMany(ids.map((id) => ({ event: OrderCreated.of(id) })));
      throw new Error('no seats left');
    });
    await work.catch((error: Error) => {
      if (error.message !== 'no seats left') throw error;
    });
  }

  /** What a receiver got at a path, beside what the business table holds. */
  async verdict(receiver: WebhookReceiver, path = '/hook'): Promise<Verdict> {
    const acknowledged = await this.host.orders();
    const received = receiver.requestsTo(path).map(receiptOf);
    return new Ledger({ acknowledged, rolledBack: this.takenBack, received }).verdict();
  }
}

/** Names of orders. */
export function orders(count: number, prefix = 'O'): string[] {
  return Array.from({ length: count }, (_, n) => `${prefix}-${n}`);
}
