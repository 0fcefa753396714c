import { Controller, Inject, Injectable, Post, Scope, UseGuards } from '@nestjs/common';
import { EventEmitter2, EventEmitterModule, OnEvent } from '@nestjs/event-emitter';
import type { EmitsWebhookOptions } from 'nestjs-webhooks';
import { EmitsWebhook, WebhooksService } from 'nestjs-webhooks';
import type { EntityManager } from 'typeorm';
import { describeDatabases } from '../support/databases.js';
import { OrderCreated, OrderEntity } from '../support/order-events.js';
import { useStage } from '../support/stage.js';

interface Order {
  readonly id: string;
}

const created: EmitsWebhookOptions = { map: ({ id }: Order) => OrderCreated.of(id) };

@Injectable()
class OrdersService {
  constructor(@Inject(WebhooksService) private readonly webhooks: WebhooksService) {}

  @EmitsWebhook(OrderCreated, created)
  async create(id: string, manager: EntityManager): Promise<Order> {
    await manager.insert(OrderEntity, { id, tenant: 'default', total: 1 });
    return { id };
  }

  @EmitsWebhook(OrderCreated)
  async createHere(id: string): Promise<OrderCreated> {
    return OrderCreated.of(id);
  }

  async createInTransaction(id: string, then: () => void = () => undefined): Promise<void> {
    await this.webhooks.transaction(async () => {
      await this.createHere(id);
      then();
    });
  }

  @EmitsWebhook(OrderCreated, { map: (ids: string[]) => ids.map((id) => OrderCreated.of(id)) })
  async createMany(ids: string[]): Promise<string[]> {
    return ids;
  }

  @EmitsWebhook(OrderCreated, {
    map: async ({ id }: Order, tenant: string) => ({ event: OrderCreated.of(id), tenant }),
  })
  async createFor(tenant: string): Promise<Order> {
    return { id: `of-${tenant}` };
  }

  @EmitsWebhook(OrderCreated, { map: () => null })
  async createSilently(id: string): Promise<Order> {
    return { id };
  }

  @EmitsWebhook(OrderCreated, { map: () => Object.assign(new OrderCreated(), { order_id: 12 }) })
  async createInvalid(): Promise<string> {
    return 'done';
  }

  @EmitsWebhook(OrderCreated)
  async createSomethingElse(): Promise<unknown> {
    return { id: 'A' };
  }

  @EmitsWebhook(OrderCreated)
  async createAndFail(): Promise<OrderCreated> {
    throw new Error('no seats left');
  }
}

const noSeats = (): never => {
  throw new Error('no seats left');
};

describeDatabases('@EmitsWebhook', (database) => {
  const stage = useStage(database);

  const start = async (): Promise<{
    host: Awaited<ReturnType<typeof stage.host>>;
    orders: OrdersService;
  }> => {
    const host = await stage.host({ providers: [OrdersService] });
    await stage.subscribe(host);
    return { host, orders: host.get(OrdersService) };
  };

  it('publishes in the transaction of the manager among the arguments', async () => {
    const { host, orders } = await start();

    await host.dataSource.transaction((manager) => orders.create('A', manager));
    const rolledBack = host.dataSource.transaction(async (manager) => {
      await orders.create('B', manager);
      noSeats();
    });

    await expect(rolledBack).rejects.toThrow('no seats left');
    expect(await stage.arrivedOrders(host)).toEqual(['A']);
    expect(await host.orders()).toEqual(['A']);
  });

  it('publishes in the transaction of webhooks.transaction', async () => {
    const { host, orders } = await start();

    await orders.createInTransaction('A');
    await expect(orders.createInTransaction('B', noSeats)).rejects.toThrow('no seats left');

    expect(await stage.arrivedOrders(host)).toEqual(['A']);
  });

  it('publishes right after the method when there is no transaction', async () => {
    const { host, orders } = await start();

    const result = await orders.createHere('A');

    expect(result).toBeInstanceOf(OrderCreated);
    expect(await host.count('events')).toBe(1);
    expect(await stage.arrivedOrders(host)).toEqual(['A']);
  });

  it('publishes outside when the manager among the arguments is in no transaction', async () => {
    const { host, orders } = await start();

    await orders.create('A', host.dataSource.manager);

    expect(await stage.arrivedOrders(host)).toEqual(['A']);
  });

  it('publishes each of several events', async () => {
    const { host, orders } = await start();

    const result = await orders.createMany(['A', 'B', 'C']);

    expect(result).toEqual(['A', 'B', 'C']);
    expect(await stage.arrivedOrders(host)).toEqual(['A', 'B', 'C']);
  });

  it('maps the result and the arguments to an event with its tenant', async () => {
    const { host, orders } = await start();

    await orders.createFor('a');
    await orders.createFor('default');

    expect(await stage.arrivedOrders(host)).toEqual(['of-default']);
    expect(await host.count('events', `tenant = 'a'`)).toBe(1);
  });

  it('publishes nothing when map gives null, or when the method throws', async () => {
    const { host, orders } = await start();

    await orders.createSilently('A');
    await expect(orders.createAndFail()).rejects.toThrow('no seats left');

    expect(await host.count('events')).toBe(0);
  });

  it("logs an event that cannot be published with its name, and returns the method's result", async () => {
    const { host, orders } = await start();

    await expect(orders.createInvalid()).resolves.toBe('done');
    await expect(orders.createSomethingElse()).resolves.toEqual({ id: 'A' });

    expect(host.logger.of('error')).toEqual([
      expect.stringMatching(/OrderCreated was not published .*order_id/) as unknown,
      expect.stringMatching(/OrderCreated was not published .*returned something else/) as unknown,
    ]);
    expect(await host.count('events')).toBe(0);
  });

  it('fails the method inside a transaction when the event cannot be published', async () => {
    const { host, orders } = await start();

    const work = host.webhooks.transaction(() => orders.createInvalid());

    await expect(work).rejects.toMatchObject({ code: 'EVENT_INVALID' });
    expect(host.logger.of('error')).toEqual([]);
  });

  it('publishes once for a provider that is also known under another token', async () => {
    const host = await stage.host({
      providers: [OrdersService, { provide: 'ORDERS', useExisting: OrdersService }],
    });
    await stage.subscribe(host);

    await host.get(OrdersService).createHere('A');

    expect(await stage.arrivedOrders(host)).toEqual(['A']);
    expect(await host.count('events')).toBe(1);
  });

  it('publishes for a provider that a factory makes', async () => {
    const made = {
      provide: OrdersService,
      inject: [WebhooksService],
      useFactory: (webhooks: WebhooksService) => new OrdersService(webhooks),
    };
    const host = await stage.host({ providers: [made] });
    await stage.subscribe(host);

    await host.get(OrdersService).createHere('A');

    expect(await stage.arrivedOrders(host)).toEqual(['A']);
  });
});

@Injectable()
class ListeningService {
  @OnEvent('order.booked')
  @EmitsWebhook(OrderCreated, created)
  async onBooked(order: Order): Promise<Order> {
    return order;
  }
}

@Injectable()
class Locked {
  canActivate(): boolean {
    return false;
  }
}

@Controller('orders')
class OrdersController {
  @Post()
  @EmitsWebhook(OrderCreated, created)
  async create(): Promise<Order> {
    return { id: 'A' };
  }

  @Post('locked')
  @UseGuards(Locked)
  @EmitsWebhook(OrderCreated, created)
  async createLocked(): Promise<Order> {
    return { id: 'B' };
  }
}

@Injectable({ scope: Scope.REQUEST })
class RequestScoped {
  @EmitsWebhook(OrderCreated)
  async create(): Promise<OrderCreated> {
    return OrderCreated.of('A');
  }
}

@Injectable({ scope: Scope.TRANSIENT })
class Transient extends RequestScoped {}

describeDatabases(
  '@EmitsWebhook beside other decorators',
  (database) => {
    const stage = useStage(database);

    it('leaves a listener its event', async () => {
      const host = await stage.host({
        imports: [EventEmitterModule.forRoot()],
        providers: [ListeningService],
      });
      await stage.subscribe(host);

      await host.get(EventEmitter2).emitAsync('order.booked', { id: 'A' });

      expect(await stage.arrivedOrders(host)).toEqual(['A']);
    });

    it('publishes what a route returns', async () => {
      const host = await stage.host({ controllers: [OrdersController], providers: [Locked] });
      await stage.subscribe(host);
      const url = await host.listen();

      const response = await fetch(`${url}/orders`, { method: 'POST' });

      expect(await response.json()).toEqual({ id: 'A' });
      expect(await stage.arrivedOrders(host)).toEqual(['A']);
    });

    it('leaves a route its guard', async () => {
      const host = await stage.host({ controllers: [OrdersController], providers: [Locked] });
      const url = await host.listen();

      const response = await fetch(`${url}/orders/locked`, { method: 'POST' });

      expect(response.status).toBe(403);
      expect(await host.count('events')).toBe(0);
    });

    it.each([
      ['request-scoped', RequestScoped],
      ['transient', Transient],
    ])('refuses to boot with it on a %s provider, naming the method', async (scope, provider) => {
      const boot = stage.host({ providers: [provider] });

      await expect(boot).rejects.toMatchObject({
        code: 'CATALOG_INVALID',
        message: expect.stringMatching(new RegExp(`${provider.name}\\.create.*${scope}`)) as unknown,
      });
    });
  },
  'sqlite',
);
