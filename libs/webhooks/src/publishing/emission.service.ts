import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { EventCatalog } from '../catalog/event-catalog.service.js';
import type { Emission } from './emits-webhook.decorator.js';
import type { Publication } from './publish-options.js';
import { publicationOf } from './publish-options.js';
import { WebhooksService } from './webhooks.service.js';

/** Publishes what a decorated method or a mapper gave. */
@Injectable()
export class EmissionPublisher {
  constructor(
    private readonly catalog: EventCatalog,
    private readonly webhooks: WebhooksService,
  ) {}

  /** Publishes in order. One that fails does not keep the others back; then it rejects. */
  async publish(emission: Emission, manager?: EntityManager): Promise<void> {
    if (emission === null || emission === undefined) return;
    const list: readonly (object | Publication)[] = Array.isArray(emission) ? emission : [emission];
    const failures: unknown[] = [];
    for (const each of list) {
      const { event, ...options } = publicationOf(each, this.catalog);
      const published = this.webhooks.publish(event, manager ? { ...options, manager } : options);
      await published.catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 1) throw new AggregateError(failures, failures.map(String).join('; '));
    if (failures.length === 1) throw failures[0];
  }
}
