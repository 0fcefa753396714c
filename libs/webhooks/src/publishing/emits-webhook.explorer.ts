import type { OnModuleInit } from '@nestjs/common';
import { Injectable, Logger } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import type { EntityManager } from 'typeorm';
import { errorFields } from '../internal/error-fields.js';
import { CatalogError } from '../errors/catalog-error.js';
import { EmissionPublisher } from './emission.service.js';
import type { Emission, EmitsWebhookMetadata } from './emits-webhook.decorator.js';
import { EMITS_WEBHOOK } from './emits-webhook.decorator.js';
import { Transactions } from './transactions.service.js';

type Method = (...args: unknown[]) => unknown;
type InstanceWrapper = ReturnType<DiscoveryService['getProviders']>[number];

/** Finds the methods marked with `@EmitsWebhook` and makes them publish. */
@Injectable()
export class EmitsWebhookExplorer implements OnModuleInit {
  private readonly logger = new Logger('Webhooks');
  private readonly explored = new WeakSet<object>();

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly transactions: Transactions,
    private readonly publisher: EmissionPublisher,
  ) {}

  onModuleInit(): void {
    this.explore();
  }

  /** Wraps what is not wrapped yet. */
  explore(): void {
    for (const provider of [...this.discovery.getProviders(), ...this.discovery.getControllers()]) {
      const instance = provider.instance as Record<string, Method> | null | undefined;
      if (typeof instance !== 'object' || instance === null || this.explored.has(instance)) continue;
      this.explored.add(instance);
      this.exploreInstance(instance, provider);
    }
  }

  private exploreInstance(instance: Record<string, Method>, provider: InstanceWrapper): void {
    const prototype = Object.getPrototypeOf(instance) as Record<string, Method> | null;
    for (const name of this.scanner.getAllMethodNames(prototype)) {
      const metadata = Reflect.getMetadata(EMITS_WEBHOOK, prototype![name]!) as
        EmitsWebhookMetadata | undefined;
      if (!metadata) continue;
      const scope = scopeOf(provider);
      if (scope) throw notOneInstance(scope, provider.name, name);
      this.wrap(instance, name, metadata);
    }
  }

  private wrap(instance: Record<string, Method>, name: string, metadata: EmitsWebhookMetadata): void {
    const original = instance[name]!;
    const emitting = async (...args: unknown[]): Promise<unknown> => {
      const result = await original.apply(instance, args);
      const manager = args.find(isActiveManager) ?? this.transactions.current();
      const published = this.publish(metadata, result, args, manager);
      // In a transaction the event is part of the work; outside the work is done, and no webhook may undo it.
      await (manager ? published : published.catch((error: unknown) => this.report(metadata, error)));
      return result;
    };
    instance[name] = decoratedLike(original, emitting);
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
    this.logger.error(`${eventClass.name} was not published`, errorFields(error));
  }
}

function isActiveManager(argument: unknown): argument is EntityManager {
  const candidate = argument as Partial<EntityManager> | null | undefined;
  return typeof candidate?.transaction === 'function' && candidate.queryRunner?.isTransactionActive === true;
}

// Guards, listeners and whatever else was written on the method are looked up on the function that is there.
function decoratedLike(original: Method, replacement: Method): Method {
  for (const key of Reflect.getMetadataKeys(original) as unknown[]) {
    Reflect.defineMetadata(key, Reflect.getMetadata(key, original), replacement);
  }
  return Object.defineProperty(replacement, 'name', { value: original.name });
}

/** Why a provider has no one instance to work with; undefined when it has. */
export function scopeOf(provider: InstanceWrapper): string | undefined {
  if (!provider.isDependencyTreeStatic()) return 'request-scoped';
  return provider.isTransient ? 'transient' : undefined;
}

function notOneInstance(scope: string, provider: unknown, method: string): CatalogError {
  return new CatalogError(
    `@EmitsWebhook on ${String(provider)}.${method}: the provider is ${scope}, so there is no one instance to wrap. ` +
      `Make it a singleton, or call webhooks.publish() in the method.`,
  );
}
