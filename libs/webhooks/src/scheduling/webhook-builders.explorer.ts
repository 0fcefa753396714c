import { Injectable } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import type { EntityManager } from 'typeorm';
import { EventCatalog } from '../catalog/event-catalog.service.js';
import type { Class } from '../catalog/event-class.js';
import { CatalogError } from '../errors/catalog-error.js';
import { scopeOf } from '../publishing/emits-webhook.explorer.js';
import type { BuildContext } from './builds-webhook.decorator.js';
import { BUILDS_WEBHOOK } from './builds-webhook.decorator.js';

type InstanceWrapper = ReturnType<DiscoveryService['getProviders']>[number];
type Build = (subject: string, manager: EntityManager, context: BuildContext) => unknown;

/** A method that builds the events of one type. */
export interface WebhookBuilder {
  /** `Class.method`, for messages. */
  readonly name: string;
  readonly eventClass: Class;
  readonly instance: object;
  readonly build: Build;
}

/** Finds the methods marked with `@BuildsWebhook`. */
@Injectable()
export class WebhookBuilders {
  private readonly byType = new Map<string, WebhookBuilder>();

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly catalog: EventCatalog,
  ) {}

  /** Names of the event types that this process can build. */
  get types(): readonly string[] {
    return [...this.byType.keys()];
  }

  of(type: string): WebhookBuilder | undefined {
    return this.byType.get(type);
  }

  /** @throws CatalogError when two build the same type, or a provider has no one instance */
  explore(): void {
    for (const provider of this.discovery.getProviders()) {
      const prototype = prototypeOf(provider);
      if (!prototype) continue;
      for (const name of this.scanner.getAllMethodNames(prototype)) {
        const eventClass = Reflect.getMetadata(BUILDS_WEBHOOK, prototype[name] as object) as
          Class | undefined;
        if (eventClass) this.add(provider, name, eventClass);
      }
    }
  }

  private add(provider: InstanceWrapper, method: string, eventClass: Class): void {
    const instance = provider.instance as Record<string, Build> | undefined;
    const name = `${instance?.constructor.name ?? String(provider.name)}.${method}`;
    const scope = scopeOf(provider);
    if (scope)
      throw new CatalogError(
        `@BuildsWebhook on ${name}: the provider is ${scope}, so there is no one instance to ask. Make it a singleton.`,
      );
    const type = this.catalog.ofClass(eventClass).name;
    const other = this.byType.get(type);
    if (other && (other.instance !== instance || other.name !== name))
      throw new CatalogError(
        `${other.name} and ${name} both build ${type}: a schedule that falls due can ask only one of them.`,
      );
    const build: Build = (...args) => instance![method]!(...args);
    this.byType.set(type, { name, eventClass, instance: instance!, build });
  }
}

// A request-scoped provider has a prototype, too: it is told that it cannot build.
function prototypeOf({ instance, metatype }: InstanceWrapper): Record<string, unknown> | undefined {
  if (typeof instance === 'object' && instance !== null)
    return Object.getPrototypeOf(instance) as Record<string, unknown>;
  return (metatype as Class | null)?.prototype as Record<string, unknown> | undefined;
}
