import type { BeforeApplicationShutdown, OnApplicationBootstrap, OnModuleInit } from '@nestjs/common';
import { Injectable, Logger } from '@nestjs/common';
import { DiscoveryService, ModuleRef } from '@nestjs/core';
import { EventEmitter2 } from '@nestjs/event-emitter';
import { errorFields } from '../internal/error-fields.js';
import { CatalogError } from '../errors/catalog-error.js';
import { BridgedEmits } from './bridged-emits.js';
import { EmissionPublisher } from './emission.service.js';
import { scopeOf } from './emits-webhook.explorer.js';
import { Transactions } from './transactions.service.js';
import type { DomainEventClass, EventMapper } from './webhook-mapper.decorator.js';
import { WEBHOOK_MAPPER } from './webhook-mapper.decorator.js';

type Listener = (event: string | string[], ...values: unknown[]) => void;

interface Route {
  readonly domainEvent: DomainEventClass;
  readonly mapper: EventMapper;
  readonly mapperName: string;
}

/**
 * Publishes the host's domain events: for each one that a `@WebhookMapper` is there for, the mapper runs after the emit.
 * Never throws into the host's `emit`; what cannot be published is logged as an error with the event's name.
 */
@Injectable()
export class EventEmitterBridge implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Webhooks');
  private routes: readonly Route[] = [];
  private emitter: EventEmitter2 | undefined;
  private readonly listener: Listener = (name, ...values) => this.onEmit(String(name), values);

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly modules: ModuleRef,
    private readonly transactions: Transactions,
    private readonly publisher: EmissionPublisher,
    private readonly emits: BridgedEmits,
  ) {}

  // As early as possible: the host's own listeners are attached at bootstrap, its first emits may come before.
  onModuleInit(): void {
    this.routes = this.discovery.getProviders().flatMap((wrapper) => {
      const domainEvent = wrapper.metatype
        ? (Reflect.getMetadata(WEBHOOK_MAPPER, wrapper.metatype) as DomainEventClass | undefined)
        : undefined;
      if (!domainEvent) return [];
      const scope = scopeOf(wrapper);
      if (scope) {
        throw new CatalogError(
          `${String(wrapper.name)} maps a domain event and is ${scope}, so there is no one instance to ask: make it a singleton.`,
        );
      }
      return [{ domainEvent, mapper: wrapper.instance as EventMapper, mapperName: wrapper.name as string }];
    });
    if (this.routes.length === 0) return;
    this.emitter = this.hostEmitter(this.routes[0]!.mapperName);
    this.emitter.onAny(this.listener);
  }

  onApplicationBootstrap(): void {
    if (this.routes.length > 0) this.logger.log(`Bridging ${this.routes.length} domain events to webhooks`);
  }

  /** What was emitted before the end is still stored. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.emits.stored();
    this.emitter?.offAny(this.listener);
  }

  private hostEmitter(mapperName: string): EventEmitter2 {
    try {
      return this.modules.get(EventEmitter2, { strict: false });
    } catch {
      throw new CatalogError(
        `${mapperName} maps a domain event, but the application has no EventEmitter2: import EventEmitterModule.forRoot().`,
      );
    }
  }

  private onEmit(name: string, values: readonly unknown[]): void {
    for (const value of values) {
      for (const route of this.routes)
        if (value instanceof route.domainEvent) this.bridge(route, value, name);
    }
  }

  // The emit may happen inside a transaction that is over before the mapper is: it does not belong to it.
  private bridge(route: Route, value: object, name: string): void {
    const work = this.transactions
      .outside(() => this.mapAndPublish(route, value, name))
      .catch((error: unknown) =>
        this.logger.error(
          `Domain event "${name}" was not published by ${route.mapperName}`,
          errorFields(error),
        ),
      );
    this.emits.add(work);
  }

  private async mapAndPublish({ mapper }: Route, value: object, name: string): Promise<void> {
    await Promise.resolve();
    await this.publisher.publish(await mapper.map(value as never, name));
  }
}
