import { Inject, Injectable, Scope } from '@nestjs/common';
import { EventEmitter2, EventEmitterModule } from '@nestjs/event-emitter';
import type { EventMapper } from 'nestjs-webhooks';
import { WebhookMapper } from 'nestjs-webhooks';
import { describeDatabases } from '../support/databases.js';
import type { Host, HostOptions } from '../support/host.js';
import { untilLetGo } from '../support/let-go.js';
import { OrderCanceled, OrderCreated, OrderEntity } from '../support/order-events.js';
import { dataOf, useStage } from '../support/stage.js';

/** A domain event of the host, which knows nothing of webhooks. */
class OrderBooked {
  constructor(readonly ids: readonly string[]) {}
}

class OrderBookedTwice extends OrderBooked {}

/** What the mapper is to make of the next domain events. */
@Injectable()
class Mapping {
  of: (event: OrderBooked, name: string) => unknown = ({ ids }) => ids.map((id) => OrderCreated.of(id));
}

@WebhookMapper(OrderBooked)
@Injectable()
class OrderBookedMapper implements EventMapper<OrderBooked> {
  constructor(@Inject(Mapping) private readonly mapping: Mapping) {}

  map(event: OrderBooked, name: string): never {
    return this.mapping.of(event, name) as never;
  }
}

@WebhookMapper(OrderBooked)
@Injectable({ scope: Scope.REQUEST })
class RequestScopedMapper extends OrderBookedMapper {}

const BRIDGED: HostOptions = {
  imports: [EventEmitterModule.forRoot()],
  providers: [Mapping, OrderBookedMapper],
};

const emit = (host: Host, ...ids: string[]): boolean =>
  host.get(EventEmitter2).emit('order.booked', new OrderBooked(ids));

describeDatabases('the EventEmitter2 bridge', (database) => {
  const stage = useStage(database);

  const start = async (of?: Mapping['of']): Promise<Host> => {
    const host = await stage.host(BRIDGED);
    await stage.subscribe(host);
    if (of) host.get(Mapping).of = of;
    return host;
  };

  /** What was emitted is stored at the latest when the host is closed. */
  const settled = async (host: Host): Promise<Host> => {
    await host.close();
    return stage.host();
  };

  it('delivers what the mapper makes of a domain event', async () => {
    const host = await start();

    emit(host, 'A');
    await stage.receiver.waitFor(1);

    expect(await stage.arrivedOrders(host)).toEqual(['A']);
  });

  it('is waited for by a drain: what was emitted before is stored and sent', async () => {
    const { until, letGo } = untilLetGo();
    const host = await start(async () => {
      await until;
      return OrderCreated.of('A');
    });

    emit(host, 'A');
    const drained = host.webhooks.drain();
    // Far longer than a drain takes that has nothing to do.
    await host.webhooks.publish(OrderCreated.of('B'));
    await stage.receiver.waitFor(1);
    letGo();
    await drained;

    expect(stage.receiver.requests.map((request) => dataOf(request)['order_id'])).toEqual(['B', 'A']);
  });

  it('publishes each of several events, with tenant, key and subject', async () => {
    const host = await start(({ ids }) =>
      ids.map((id) => ({ event: OrderCanceled.of(id), subject: 'trip:1', idempotencyKey: `canceled-${id}` })),
    );

    emit(host, 'A', 'B');
    emit(host, 'A');
    const next = await settled(host);

    expect(await stage.arrivedOrders(next)).toEqual(['A', 'B']);
    expect(await next.count('events', `subject = 'trip:1' AND sequence IN (1, 2)`)).toBe(2);
  });

  it('tells the mapper the name of the event and knows subclasses', async () => {
    const host = await start((_event, name) => OrderCreated.of(name));

    host.get(EventEmitter2).emit('order.booked.twice', new OrderBookedTwice([]));

    expect(await stage.arrivedOrders(await settled(host))).toEqual(['order.booked.twice']);
  });

  it('ignores what no mapper is there for', async () => {
    const host = await start();

    host.get(EventEmitter2).emit('order.booked', { ids: ['A'] });
    host.get(EventEmitter2).emit('order.booked');

    const next = await settled(host);
    expect(await next.count('events')).toBe(0);
    expect(host.logger.of('error')).toEqual([]);
  });

  it('publishes nothing when the mapper gives null', async () => {
    const host = await start(() => null);

    emit(host, 'A');

    expect(await (await settled(host)).count('events')).toBe(0);
    expect(host.logger.of('error')).toEqual([]);
  });

  it.each<[string, Mapping['of'], RegExp]>([
    [
      'a mapper that throws',
      () => {
        throw new Error('order not found');
      },
      /order not found/,
    ],
    ['a mapper that rejects', () => Promise.reject(new Error('order not found')), /order not found/],
    ['an invalid event', () => Object.assign(new OrderCreated(), { order_id: 12 }), /order_id/],
    ['a plain object', () => ({ order_id: 'A' }), /plain object/],
    ['an event of an unregistered class', () => new OrderBooked([]), /OrderBooked/],
  ])("logs %s with the domain event's name, and the emit does not throw", async (_title, of, problem) => {
    const host = await start(of);

    expect(() => emit(host, 'A')).not.toThrow();
    const next = await settled(host);

    const [line, ...more] = host.logger.of('error');
    expect(line).toContain('"order.booked"');
    expect(line).toContain('OrderBookedMapper');
    expect(line).toMatch(problem);
    expect(more).toEqual([]);
    expect(await next.count('events')).toBe(0);
  });

  it('logs each lost event of a mapper that gives several of which one is invalid, and keeps the others', async () => {
    const host = await start(() => [
      OrderCreated.of('A'),
      Object.assign(new OrderCreated(), { order_id: 12 }),
      OrderCreated.of('C'),
    ]);

    emit(host, 'A');
    const next = await settled(host);

    expect(host.logger.of('error')).toHaveLength(1);
    expect(await stage.arrivedOrders(next)).toEqual(['A', 'C']);
  });

  it('is outside of the transaction that emits: its rollback does not take the event back', async () => {
    const host = await start();

    const work = host.webhooks.transaction(async (manager) => {
      await manager.insert(OrderEntity, { id: 'A', tenant: 'default', total: 1 });
      emit(host, 'A');
      throw new Error('no seats left');
    });

    await expect(work).rejects.toThrow('no seats left');
    const next = await settled(host);
    expect(await next.orders()).toEqual([]);
    expect(await stage.arrivedOrders(next)).toEqual(['A']);
  });

  it('stores what was emitted the moment before a shutdown', async () => {
    const host = await start();

    emit(host, 'A', 'B');

    expect(await stage.arrivedOrders(await settled(host))).toEqual(['A', 'B']);
  });
});

describeDatabases(
  'an application without EventEmitter2',
  (database) => {
    const stage = useStage(database);

    it('does not boot with a mapper, and is told what to import', async () => {
      const boot = stage.host({ providers: [Mapping, OrderBookedMapper] });

      await expect(boot).rejects.toMatchObject({
        code: 'CATALOG_INVALID',
        message: expect.stringMatching(/OrderBookedMapper.*EventEmitterModule\.forRoot\(\)/) as unknown,
      });
    });

    it('needs none without a mapper', async () => {
      const host = await stage.host();

      await expect(host.webhooks.publish(OrderCreated.of('A'))).resolves.toMatchObject({ duplicate: false });
    });

    it('does not boot with a mapper that has no one instance', async () => {
      const boot = stage.host({ ...BRIDGED, providers: [Mapping, RequestScopedMapper] });

      await expect(boot).rejects.toMatchObject({
        code: 'CATALOG_INVALID',
        message: expect.stringMatching(/RequestScopedMapper.*request-scoped/) as unknown,
      });
    });
  },
  'sqlite',
);
