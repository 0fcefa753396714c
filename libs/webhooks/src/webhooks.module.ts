import type { ConfigurableModuleAsyncOptions, DynamicModule, Type } from '@nestjs/common';
import { Module } from '@nestjs/common';
import { EventCatalog } from './catalog/event-catalog.service.js';
import { ConfigurableModuleClass } from './webhooks.module-definition.js';
import { WebhooksCoreModule } from './webhooks-core.module.js';
import type { WebhooksModuleOptions, WebhooksOptions, WebhooksStructure } from './webhooks.options.js';

/** What `WebhooksModule.forRootAsync()` takes: structure beside the factory of the values. */
export type WebhooksModuleAsyncOptions = WebhooksStructure &
  ConfigurableModuleAsyncOptions<WebhooksOptions> &
  Pick<DynamicModule, 'imports'>;

/**
 * Outbound webhooks for a Nest application.
 *
 * @example
 * imports: [
 *   WebhooksModule.forRootAsync({ dataSource: 'default', useFactory: () => ({ secrets: { current: process.env.WEBHOOKS_KEY! } }) }),
 *   WebhooksModule.forFeature([OrderTicketed, OrderCanceled]),
 * ]
 */
@Module({})
export class WebhooksModule {
  /** With nothing at all: an embedded SQLite file, with its own migrations and its own key. */
  static forRoot(options: WebhooksModuleOptions = {}): DynamicModule {
    const { structure, values } = split(options);
    const definition = ConfigurableModuleClass.forRoot(values);
    return { module: WebhooksModule, imports: [WebhooksCoreModule.register(structure, definition)] };
  }

  /** Structure stands here; the factory returns values only. */
  static forRootAsync(options: WebhooksModuleAsyncOptions): DynamicModule {
    const { structure } = split(options);
    const definition = ConfigurableModuleClass.forRootAsync(options);
    return { module: WebhooksModule, imports: [WebhooksCoreModule.register(structure, definition)] };
  }

  /** Adds event classes to the catalog. */
  static forFeature(events: readonly Type<object>[]): DynamicModule {
    const provider = {
      provide: Symbol('WEBHOOK_EVENTS'),
      inject: [EventCatalog],
      useFactory: (catalog: EventCatalog) => catalog.register(events),
    };
    return { module: WebhooksModule, providers: [provider] };
  }
}

function split(options: WebhooksModuleOptions): { structure: WebhooksStructure; values: WebhooksOptions } {
  const { dataSource, database, schema, tablePrefix, preparedStatements, publicKeysPath, ...rest } = options;
  const { dispatch, ...values } = rest;
  const structure = {
    dataSource,
    database,
    schema,
    tablePrefix,
    preparedStatements,
    publicKeysPath,
    dispatch,
  };
  const given = Object.fromEntries(Object.entries(structure).filter(([, value]) => value !== undefined));
  return { structure: given, values };
}
