import { Controller, HttpCode, Module, Post } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { WebhookRequest, WebhookSender } from 'nestjs-webhooks/receiver';
import {
  ReceivedWebhook,
  TypeOrmReplayStore,
  VerifiedWebhook,
  WebhookMessage,
  webhookReceiverMigrations,
  WebhookReceiverModule,
} from 'nestjs-webhooks/receiver';
import { DataSource, EntitySchema } from 'typeorm';
import type { TestDatabaseOptions } from '../support/databases.js';

/** What docs/receiving.md quotes, and what its spec runs. */
interface OrderTicketed {
  readonly type: string;
  readonly data: { readonly order_id: string };
}

/** What the example is configured with. */
export interface ExampleSettings {
  readonly database: TestDatabaseOptions;
  readonly secret: string;
  readonly oldSecret: string;
  readonly partners: Partners;
}

const Ticket = new EntitySchema<{ orderId: string }>({
  name: 'Ticket',
  tableName: 'tickets',
  columns: { orderId: { name: 'order_id', type: 'text', primary: true } },
});

type Partners = ReadonlyMap<string, string>;

function partnerOf({ params: { partner = '' } }: WebhookRequest, partners: Partners): WebhookSender | null {
  const secret = partners.get(partner);
  return secret === undefined ? null : { name: partner, secrets: [secret] };
}

@Module({
  providers: [
    {
      provide: TypeOrmReplayStore,
      inject: [DataSource],
      useFactory: (dataSource: DataSource) => new TypeOrmReplayStore(dataSource),
    },
  ],
  exports: [TypeOrmReplayStore],
})
class ReplayModule {}

@Controller()
class OrdersController {
  constructor(
    private readonly dataSource: DataSource,
    private readonly replayStore: TypeOrmReplayStore,
  ) {}

  @Post('hooks/orders')
  @HttpCode(204)
  @VerifiedWebhook()
  async receive(@WebhookMessage() webhook: ReceivedWebhook<OrderTicketed>): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      await manager.insert(Ticket, { orderId: webhook.body.data.order_id });
      await this.replayStore.completeWithin(manager, webhook);
    });
  }
}

/** The example's application, to be created with `{ rawBody: true }`. */
export function exampleModule({ database, secret, oldSecret, partners }: ExampleSettings): DynamicModule {
  @Controller()
  class PartnersController {
    @Post('hooks/partners/:partner')
    @VerifiedWebhook({ sender: (request) => partnerOf(request, partners) })
    receive(@WebhookMessage('id') id: string): string {
      return id;
    }
  }

  @Module({})
  class ExampleModule {}

  return {
    module: ExampleModule,
    imports: [
      TypeOrmModule.forRoot({
        ...database,
        entities: [Ticket],
        migrations: webhookReceiverMigrations(),
        migrationsRun: true,
      }),
      ReplayModule,
      WebhookReceiverModule.forRootAsync({
        imports: [ReplayModule],
        inject: [TypeOrmReplayStore],
        useFactory: (store: TypeOrmReplayStore) => ({ secrets: [secret, oldSecret], replay: { store } }),
      }),
    ],
    controllers: [OrdersController, PartnersController],
  };
}
