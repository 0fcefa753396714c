import { readFileSync } from 'node:fs';
import { IsArray, IsBoolean, IsNumber, IsOptional, IsString, ValidateNested } from 'class-validator';
import type { ContentFilter } from 'nestjs-webhooks';
import { ALL_TENANTS, WebhookEvent, WebhookField } from 'nestjs-webhooks';
import { describeDatabases } from '../support/databases.js';
import type { Host } from '../support/host.js';
import { useStage } from '../support/stage.js';

class Segment {
  @WebhookField({ example: 'MAD' })
  @IsString()
  origin!: string;

  @WebhookField({ example: 'LHR' })
  @IsString()
  destination!: string;

  @WebhookField({ example: 0 })
  @IsNumber()
  stops!: number;
}

@WebhookEvent('OrderTicketed')
class OrderTicketed {
  @WebhookField({ example: 'A' })
  @IsString()
  agw_id!: string;

  @WebhookField({ example: 'YMCP6O', nullable: true, aliases: ['recordLocator'] })
  @IsString()
  pnr: string | null = null;

  @WebhookField({ example: 'IB' })
  @IsString()
  provider = 'IB';

  @WebhookField({ example: 812.5 })
  @IsNumber()
  total_amount = 0;

  @WebhookField({ example: true })
  @IsBoolean()
  refundable = false;

  @WebhookField({ example: ['vip'] })
  @IsArray()
  @IsString({ each: true })
  tags: string[] = [];

  @WebhookField({ type: () => Segment })
  @IsOptional()
  @ValidateNested({ each: true })
  segments?: Segment[];
}

const PAGE = readFileSync(new URL('../../docs/content-filter.md', import.meta.url), 'utf8');
const OPERATORS = [
  ...['$eq', '$ne', '$gt', '$gte', '$lt', '$lte', '$in', '$nin', '$exists'],
  ...['$startsWith', '$endsWith', '$contains', '$and', '$or', '$not'],
];

/** A JSON block of the page. */
function block<T>(name: string): T {
  const [, json] = new RegExp(`<!-- ${name} -->\\s+\`\`\`json\\n([\\s\\S]*?)\`\`\``).exec(PAGE)!;
  return JSON.parse(json!) as T;
}

/** The rows of the page's table of operators. */
const EXAMPLES = [...PAGE.matchAll(/^\| (.+?) +\| `(\{.*\})` +\| ([A-C ]+|–) +\|$/gm)].map(
  ([, operator, filter, expected]) => ({
    operator: operator!,
    filter: JSON.parse(filter!) as ContentFilter,
    expected: expected!.split(' ').filter((name) => /[A-C]/.test(name)),
  }),
);

function orderOf(agw_id: string, { segments, ...order }: Partial<OrderTicketed>): OrderTicketed {
  const instances = segments?.map((segment) => Object.assign(new Segment(), segment));
  return Object.assign(new OrderTicketed(), { agw_id, ...order, ...(instances && { segments: instances }) });
}

const ORDERS = Object.entries(block<Record<string, Partial<OrderTicketed>>>('orders')).map(([name, order]) =>
  orderOf(name, order),
);

describe('the page on filters', () => {
  it('has an example for every operator', () => {
    expect(EXAMPLES.length).toBeGreaterThanOrEqual(OPERATORS.length);
    const shown = EXAMPLES.map(({ operator }) => operator).join();
    for (const operator of OPERATORS) expect(shown).toContain(`\`${operator}\``);
  });
});

describeDatabases('a content filter', (database) => {
  const stage = useStage(database);

  function start(): Promise<Host> {
    return stage.host({ events: [OrderTicketed] });
  }

  function subscribe(host: Host, path: string, filter: ContentFilter): Promise<{ id: string }> {
    return host.subscriptions.create({ url: stage.receiver.url(path), filter });
  }

  async function publishAll(host: Host): Promise<void> {
    for (const order of ORDERS) await host.webhooks.publish(order);
    await host.webhooks.drain();
  }

  function arrived(path: string): unknown[] {
    const bodies = stage.receiver
      .requestsTo(path)
      .map(({ body }) => JSON.parse(body) as { data: OrderTicketed });
    return bodies.map(({ data }) => data.agw_id).sort();
  }

  it('lets pass what the page says, for every example of it', async () => {
    const host = await start();
    for (const [index, { filter }] of EXAMPLES.entries()) await subscribe(host, `/example-${index}`, filter);

    await publishAll(host);

    const results = EXAMPLES.map(({ filter }, index) => ({ filter, expected: arrived(`/example-${index}`) }));
    expect(results).toEqual(EXAMPLES.map(({ filter, expected }) => ({ filter, expected })));
    const passed = EXAMPLES.flatMap(({ expected }) => expected);
    expect(await host.count('deliveries')).toBe(passed.length);
  });

  it('and the fields beside it make the request small', async () => {
    const host = await start();
    const { id } = await host.subscriptions.create({
      url: stage.receiver.url('/expensive'),
      event_types: ['OrderTicketed'],
      filter: { total_amount: { $gt: 500 }, provider: { $in: ['IB', 'BA'] } },
      fields: ['pnr', 'segments.origin'],
    });

    await publishAll(host);

    const [request, ...more] = stage.receiver.requestsTo('/expensive');
    expect(more).toEqual([]);
    expect(JSON.parse(request!.body)).toMatchObject({
      data: { pnr: 'YMCP6O', segments: [{ origin: 'MAD' }] },
    });
    expect(await host.count('deliveries', `subscription_id = '${id}'`)).toBe(1);
  });

  it('fields are sent as the page shows them', async () => {
    const host = await start();
    const url = stage.receiver.url('/fields');
    await host.subscriptions.create({ url, filter: { agw_id: 'B' }, fields: block<string[]>('fields') });

    await publishAll(host);

    const { data, type } = block<{ data: object; type: string }>('body');
    const [request] = stage.receiver.requestsTo('/fields');
    const sent = JSON.parse(request!.body) as { data: object };
    const anew = { event_id: expect.any(String), occurred_at: expect.any(String) };
    expect(sent).toEqual({ type, timestamp: expect.any(String), data: { ...data, ...anew } });
    expect(Object.keys(sent.data)).toEqual(Object.keys(data));
  });

  it('that lets nothing pass leaves no delivery, and the event is done', async () => {
    const host = await start();
    await subscribe(host, '/none', { provider: 'XX' });

    await publishAll(host);

    expect(stage.receiver.requests).toHaveLength(0);
    expect(await host.count('deliveries')).toBe(0);
    expect(await host.count('events', 'due_at IS NULL')).toBe(ORDERS.length);
  });

  it('counts for an event of all tenants, and for each subscription by itself', async () => {
    const host = await start();
    const filters: ContentFilter[] = [{ provider: 'IB' }, { provider: 'BA' }];
    for (const [index, filter] of filters.entries()) {
      await host.subscriptions.create({ tenant: `t${index}`, url: stage.receiver.url(`/t${index}`), filter });
    }

    for (const order of ORDERS) await host.webhooks.publish(order, { tenant: ALL_TENANTS });
    await host.webhooks.drain();

    expect([arrived('/t0'), arrived('/t1')]).toEqual([['A'], ['B']]);
  });

  it('holds for more subscriptions than are sent to before their rows, and for paused ones', async () => {
    const host = await start();
    for (let index = 0; index < 12; index++) {
      await subscribe(host, '/many', { provider: index % 2 === 0 ? 'IB' : 'BA' });
    }
    const paused = await subscribe(host, '/paused', { recordLocator: { $startsWith: 'X' } });
    await host.subscriptions.pause(paused.id);

    await publishAll(host);

    expect(arrived('/many')).toEqual([...Array<string>(6).fill('A'), ...Array<string>(6).fill('B')]);
    expect(await host.count('deliveries', `state = 'held'`)).toBe(1);
    await host.subscriptions.resume(paused.id);
    await host.webhooks.drain();
    expect(arrived('/paused')).toEqual(['C']);
  });

  it('that is changed counts for the events after it', async () => {
    const host = await start();
    const { id } = await subscribe(host, '/hook', { provider: 'IB' });
    await publishAll(host);

    await host.subscriptions.update(id, { filter: { provider: 'LH' } });
    await publishAll(host);
    expect(arrived('/hook')).toEqual(['A', 'C']);

    await host.subscriptions.update(id, { filter: null });
    await publishAll(host);
    expect(arrived('/hook')).toEqual(['A', 'A', 'B', 'C', 'C']);
  });

  it('is asked once more before the first attempt of what has waited', async () => {
    const host = await start();
    const { id } = await subscribe(host, '/hook', { refundable: false });
    await host.subscriptions.pause(id);
    await publishAll(host);
    expect(await host.count('deliveries', `state = 'held'`)).toBe(2);

    await host.subscriptions.update(id, { filter: { provider: 'LH' } });
    await host.subscriptions.resume(id);
    await host.webhooks.drain();

    expect(arrived('/hook')).toEqual(['C']);
    expect(await host.count('deliveries', `state = 'canceled' AND last_error = 'FILTER_REJECTED'`)).toBe(1);
  });

  it('is not asked again for a retry', async () => {
    stage.receiver.answer('/hook', { status: 500 }, { status: 204 });
    const host = await start();
    const { id } = await subscribe(host, '/hook', { provider: 'IB' });
    await publishAll(host);

    await host.subscriptions.update(id, { filter: { provider: 'XX' } });
    host.clock.advance(7_000);
    await host.webhooks.drain();

    expect(arrived('/hook')).toEqual(['A', 'A']);
    expect(await host.count('deliveries', `state = 'succeeded'`)).toBe(1);
  });

  it('is refused for a field that does not exist, with the nearest name', async () => {
    const host = await start();
    await expect(subscribe(host, '/hook', { total_amont: { $gt: 500 } })).rejects.toMatchObject({
      code: 'TEMPLATE_UNKNOWN_FIELD',
      path: 'filter.total_amont',
      suggestion: 'total_amount',
    });
  });
});
