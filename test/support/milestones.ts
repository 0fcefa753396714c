import { Injectable } from '@nestjs/common';
import type { BuildContext, ScheduleView } from 'nestjs-webhooks';
import { BuildsWebhook } from 'nestjs-webhooks';
import type { EntityManager } from 'typeorm';
import type { Host, HostOptions } from './host.js';
import { OrderCreated, OrderEntity } from './order-events.js';

/** One call of the builder. */
export interface Asked extends BuildContext {
  readonly subject: string;
}

/** Builds `OrderCreated` from the order's row as it is when it is asked; a row that is gone is no longer true. */
@Injectable()
export class Milestones {
  readonly asked: Asked[] = [];
  /** Comes before the answer. */
  onBuild: (subject: string, manager: EntityManager) => unknown = () => undefined;

  @BuildsWebhook(OrderCreated)
  async created(
    subject: string,
    manager: EntityManager,
    context: BuildContext,
  ): Promise<OrderCreated | null> {
    this.asked.push({ subject, ...context });
    const instead = await this.onBuild(subject, manager);
    if (instead) return instead as OrderCreated;
    const order = await manager.findOneBy(OrderEntity, { id: subject });
    return order && OrderCreated.of(order.id, order.total);
  }
}

/** A host with the builder. */
export const withMilestones = (options: HostOptions = {}): HostOptions => ({
  ...options,
  providers: [Milestones, ...(options.providers ?? [])],
});

/** Stores an order outside of the module. */
export async function saveOrder(host: Host, id: string, total = 1): Promise<void> {
  await host.dataSource.getRepository(OrderEntity).save({ id, tenant: 'default', total });
}

/** The one schedule of a key. */
export async function scheduleOf(host: Host, key: string): Promise<ScheduleView | undefined> {
  return (await host.webhooks.scheduled({ key }))[0];
}
