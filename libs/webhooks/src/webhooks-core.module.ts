import { Module, type DynamicModule, type NestModule, type Provider } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import type { DataSource } from 'typeorm';
import { EventCatalog } from './catalog/event-catalog.service.js';
import type { Version } from './dispatch/admission.js';
import { Attempter } from './dispatch/attempter.js';
import { DeliveryBodies } from './dispatch/delivery-bodies.js';
import { Dispatcher } from './dispatch/dispatcher.service.js';
import { OBSERVATION } from './dispatch/observation.provider.js';
import { Observation } from './dispatch/observer.js';
import { RetrySchedule } from './dispatch/retry-schedule.js';
import { SecretKeyMissingError } from './errors/secret-key-missing-error.js';
import { DeliveriesService } from './history/deliveries.service.js';
import { EventsService } from './history/events.service.js';
import { HISTORY } from './history/history.providers.js';
import { RETENTION } from './history/retention-settings.js';
import { JobsService } from './history/jobs.service.js';
import { Clock, SystemClock } from './internal/clock.js';
import { EmitsWebhookExplorer } from './publishing/emits-webhook.explorer.js';
import { EventWriter } from './publishing/event-writer.service.js';
import { PUBLISHING } from './publishing/publishing.providers.js';
import { Transactions } from './publishing/transactions.service.js';
import { WebhooksService } from './publishing/webhooks.service.js';
import { SCHEDULING } from './scheduling/scheduling.providers.js';
import { Database } from './storage/database.js';
import {
  DEFAULT_DATABASE_FILE,
  WEBHOOKS_DATA_SOURCE,
  databaseProviders,
} from './storage/database.provider.js';
import { BacklogStore } from './storage/backlog.store.js';
import { ControlStore } from './storage/control.store.js';
import { DeliveryStore } from './storage/delivery.store.js';
import { embeddedKey } from './storage/embedded.data-source.js';
import { DispatchControl } from './dispatch/dispatch-control.service.js';
import { EventStore } from './storage/event.store.js';
import { SubscriptionStore } from './storage/subscription.store.js';
import { BodySeal } from './subscriptions/body-seal.js';
import { KeyRing } from './subscriptions/key-ring.js';
import { Lifecycle } from './subscriptions/lifecycle.service.js';
import { publicKeysController } from './subscriptions/public-keys.controller.js';
import { SecretsService } from './subscriptions/secrets.service.js';
import { SubscriptionIndex } from './subscriptions/subscription.index.js';
import { SubscriptionsService } from './subscriptions/subscriptions.service.js';
import { TemplateCheck } from './subscriptions/template-check.service.js';
import { TrialStore } from './storage/trial.store.js';
import { EgressGuard } from './transport/egress-guard.js';
import { HttpWebhookTransport } from './transport/http-webhook.transport.js';
import { WebhookTransport } from './transport/webhook.transport.js';
import { Previews } from './trials/previews.service.js';
import { TestQuota } from './trials/test-quota.service.js';
import { TestSends } from './trials/test-sends.service.js';
import { TrialsService } from './trials/trials.service.js';
import { MODULE_OPTIONS_TOKEN } from './webhooks.module-definition.js';
import type { WebhooksOptions, WebhooksSettings, WebhooksStructure } from './webhooks.options.js';
import { dispatchSettings, settingsOf, WEBHOOKS_LIMITS } from './webhooks.options.js';

const SETTINGS = Symbol('WEBHOOKS_SETTINGS');

function keyRing(options: WebhooksOptions, structure: WebhooksStructure): KeyRing {
  if (options.secrets !== undefined) return new KeyRing(options.secrets);
  if (structure.dataSource !== undefined) throw new SecretKeyMissingError();
  return new KeyRing({ current: embeddedKey(structure.database ?? DEFAULT_DATABASE_FILE) });
}

function valueProviders(structure: WebhooksStructure): Provider[] {
  return [
    { provide: SETTINGS, inject: [MODULE_OPTIONS_TOKEN], useFactory: settingsOf },
    {
      provide: KeyRing,
      // After the database: the key of an embedded one lies beside its file.
      inject: [MODULE_OPTIONS_TOKEN, Database],
      useFactory: (options: WebhooksOptions) => keyRing(options, structure),
    },
    {
      provide: WEBHOOKS_LIMITS,
      inject: [SETTINGS],
      useFactory: ({ limits }: WebhooksSettings) => limits,
    },
    {
      provide: RETENTION,
      inject: [SETTINGS],
      useFactory: ({ retention }: WebhooksSettings) => ({ ...retention, sweeps: structure.dispatch ?? true }),
    },
    {
      provide: EgressGuard,
      inject: [SETTINGS],
      useFactory: ({ egress }: WebhooksSettings) => new EgressGuard(egress),
    },
    {
      provide: WebhookTransport,
      inject: [EgressGuard],
      useFactory: (guard: EgressGuard) => new HttpWebhookTransport({ guard }),
    },
  ];
}

function dispatchProviders(structure: WebhooksStructure): Provider[] {
  return [
    {
      provide: Attempter,
      inject: [SETTINGS, EventCatalog, KeyRing, WebhookTransport, Clock, Observation],
      useFactory: (
        { delivery, userAgent }: WebhooksSettings,
        eventTypes: EventCatalog,
        keyRing: KeyRing,
        transport: WebhookTransport,
        clock: Clock,
        observation: Observation,
      ) => {
        const bodies = new DeliveryBodies(new BodySeal(keyRing));
        const schedule = new RetrySchedule(delivery.retrySchedule);
        const parts = { eventTypes, bodies, transport, schedule, clock, observation };
        return new Attempter(parts, { timeout: delivery.timeout, userAgent });
      },
    },
    {
      provide: Dispatcher,
      inject: [SETTINGS, Database, SubscriptionsService, ...DISPATCHER_PARTS],
      useFactory: (
        settings: WebhooksSettings,
        { wakeUp }: Database,
        subscriptions: SubscriptionsService,
        ...parts: DispatcherParts
      ) => {
        const [store, events, control, index, attempter, transport, lifecycle, clock, observation] = parts;
        const found = { store, events, control, index, attempter, transport, lifecycle, clock, observation };
        const disable = async ({ id, version }: Version, reason: string): Promise<void> =>
          void (await subscriptions.disable(id, reason, { actor: 'webhooks', version }));
        return new Dispatcher(dispatchSettings(settings, structure), { ...found, wakeUp, disable });
      },
    },
  ];
}

const DISPATCHER_PARTS = [
  DeliveryStore,
  EventStore,
  ControlStore,
  SubscriptionIndex,
  Attempter,
  WebhookTransport,
  Lifecycle,
  Clock,
  Observation,
] as const;

type Instances<Classes> = {
  -readonly [Index in keyof Classes]: Classes[Index] extends { readonly prototype: infer T } ? T : never;
};
type DispatcherParts = Instances<typeof DISPATCHER_PARTS>;

function publishingProviders(): Provider[] {
  return [
    {
      provide: Transactions,
      inject: [Database, SETTINGS],
      useFactory: (database: Database, { currentManager }: WebhooksSettings) =>
        new Transactions(database, currentManager),
    },
    {
      provide: EventWriter,
      inject: [WEBHOOKS_DATA_SOURCE, Database, EventStore, Dispatcher, Clock, Observation],
      useFactory: (dataSource: DataSource, ...parts: ConstructorParameters<typeof EventWriter>) => {
        const writer = new EventWriter(...parts);
        dataSource.subscribers.push(writer.outbox);
        return writer;
      },
    },
    DispatchControl,
    ...PUBLISHING,
  ];
}

const SUBSCRIPTIONS: Provider[] = [
  SubscriptionStore,
  SubscriptionIndex,
  SubscriptionsService,
  SecretsService,
  TemplateCheck,
  Lifecycle,
];

const STORES: Provider[] = [EventStore, DeliveryStore, ControlStore, BacklogStore];

const PUBLIC = [
  DeliveriesService,
  EgressGuard,
  EventCatalog,
  EventsService,
  JobsService,
  SecretsService,
  SubscriptionsService,
  TrialsService,
  WebhooksService,
  WebhookTransport,
];

/** The barrel does not name them: they are for the package's other entry points. */
const FOR_OTHER_ENTRIES = [BacklogStore, Clock, Dispatcher, Observation];

const TRIALS: Provider[] = [TrialStore, TestQuota, Previews, TestSends, TrialsService];

/** Everything there is, once for the whole application. Hidden behind `WebhooksModule`. */
@Module({})
export class WebhooksCoreModule implements NestModule {
  constructor(private readonly emitsWebhook: EmitsWebhookExplorer) {}

  // The one moment between the making of the controllers and the binding of their routes to what they are then.
  configure(): void {
    this.emitsWebhook.explore();
  }

  /** `options`: imports and the provider of the option values. */
  static register(
    structure: WebhooksStructure,
    options: Pick<DynamicModule, 'imports' | 'providers'>,
  ): DynamicModule {
    return {
      module: WebhooksCoreModule,
      global: true,
      imports: [...(options.imports ?? []), DiscoveryModule],
      controllers:
        structure.publicKeysPath === undefined ? [] : [publicKeysController(structure.publicKeysPath)],
      providers: [
        ...(options.providers ?? []),
        ...databaseProviders(structure),
        ...valueProviders(structure),
        { provide: Clock, useClass: SystemClock },
        EventCatalog,
        OBSERVATION,
        ...STORES,
        ...SUBSCRIPTIONS,
        ...HISTORY,
        ...TRIALS,
        ...dispatchProviders(structure),
        ...publishingProviders(),
        ...SCHEDULING,
      ],
      exports: [...PUBLIC, ...FOR_OTHER_ENTRIES],
    };
  }
}
