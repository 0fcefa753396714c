import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { EventCatalog } from '../catalog/event-catalog.service.js';
import type { Emission } from './emits-webhook.decorator.js';
import type { Publication } from './publish-options.js';
import { WebhooksService } from './webhooks.service.js';

/** Publishes what a decorated method or a mapper gave. */
@Injectable()
export class EmissionPublisher {
  constructor(
    private readonly catalog: EventCatalog,
    private readonly webhooks: WebhooksService,
  ) {}

  /** Publishes in order; the first failure stops it. */
  async publish(emission: Emission, manager?: EntityManager): Promise<void> {
    if (emission === null || emission === undefined) return;
    const list: readonly (object | Publication)[] = Array.isArray(emission) ? emission : [emission];
    for (const each of list) {
      const { event, ...options } = this.publication(each);
      await this.webhooks.publish(event, manager ? { ...options, manager } : options);
    }
  }

  private publication(emitted: object | Publication): Publication {
    const isEvent = this.catalog.has(emitted.constructor as never);
    return !isEvent && 'event' in emitted ? (emitted as Publication) : { event: emitted };
  }
}
