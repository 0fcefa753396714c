import type { OnModuleInit } from '@nestjs/common';
import { Injectable, Logger } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import type { EntityManager } from 'typeorm';
import { CatalogError } from '../errors/catalog-error.js';
import { EmissionPublisher } from './emission.service.js';
import type { Emission, EmitsWebhookMetadata } from './emits-webhook.decorator.js';
import { EMITS_WEBHOOK } from './emits-webhook.decorator.js';
import { Transactions } from './transactions.service.js';

type Method = (...args: unknown[]) => unknown;

/** Finds the methods marked with `@EmitsWebhook` and makes them publish. */
@Injectable()
export class EmitsWebhookExplorer implements OnModuleInit {
  private readonly logger = new Logger('Webhooks');

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly transactions: Transactions,
    private readonly publisher: EmissionPublisher,
  ) {}

  onModuleInit(): void {
    for (const wrapper of [...this.discovery.getProviders(), ...this.discovery.getControllers()]) {
      const prototype = wrapper.metatype?.prototype as object | undefined;
      if (!prototype) continue;
      for (const name of this.scanner.getAllMethodNames(prototype)) {
        const metadata = this.metadataOf(prototype, name);
        if (!metadata) continue;
        if (!wrapper.isDependencyTreeStatic()) throw requestScoped(wrapper.name, name);
        this.wrap(wrapper.instance as Record<string, Method>, name, metadata);
      }
    }
  }

  private metadataOf(prototype: object, name: string): EmitsWebhookMetadata | undefined {
    const method = (prototype as Record<string, Method>)[name];
    return method && (Reflect.getMetadata(EMITS_WEBHOOK, method) as EmitsWebhookMetadata | undefined);
  }

  private wrap(instance: Record<string, Method>, name: string, metadata: EmitsWebhookMetadata): void {
    const original = instance[name]!;
    instance[name] = async (...args: unknown[]): Promise<unknown> => {
      const result = await original.apply(instance, args);
      const manager = args.find(isActiveManager) ?? this.transactions.current();
      const published = this.publish(metadata, result, args, manager);
      // In a transaction the event is part of the work; outside the work is done, and no webhook may undo it.
      await (manager ? published : published.catch((error: unknown) => this.report(metadata, error)));
      return result;
    };
  }

  private async publish(
    { eventClass, options }: EmitsWebhookMetadata,
    result: unknown,
    args: unknown[],
    manager: EntityManager | undefined,
  ): Promise<void> {
    const map = options.map as
      ((result: unknown, ...args: unknown[]) => Emission | Promise<Emission>) | undefined;
    if (
      !map &&
      result !== null &&
      result !== undefined &&
      !Array.isArray(result) &&
      !(result instanceof eventClass)
    ) {
      throw new CatalogError(
        `a method with @EmitsWebhook(${eventClass.name}) returned something else: return the event, or give { map }.`,
      );
    }
    await this.publisher.publish(map ? await map(result, ...args) : (result as Emission), manager);
  }

  private report({ eventClass }: EmitsWebhookMetadata, error: unknown): void {
    this.logger.error(`${eventClass.name} was not published: ${String(error)}`);
  }
}

function isActiveManager(argument: unknown): argument is EntityManager {
  const candidate = argument as Partial<EntityManager> | null | undefined;
  return typeof candidate?.transaction === 'function' && candidate.queryRunner?.isTransactionActive === true;
}

function requestScoped(provider: string, method: string): CatalogError {
  return new CatalogError(
    `@EmitsWebhook on ${provider}.${method}: the provider is request-scoped, so there is no instance to wrap. ` +
      `Make it a singleton, or call webhooks.publish() in the method.`,
  );
}
