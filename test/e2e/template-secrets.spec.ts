import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import type { SubscriptionInput, WebhooksModuleOptions } from 'nestjs-webhooks';
import { DeliveriesService, verify } from 'nestjs-webhooks';
import type { TestDatabase } from '../support/databases.js';
import { describeDatabases } from '../support/databases.js';
import type { Host } from '../support/host.js';
import { LOOPBACK, TEST_KEY } from '../support/host.js';
import { OrderCreated } from '../support/order-events.js';
import { useStage } from '../support/stage.js';

const API_KEY = 'k3y/of the+office';
const PIN = 'p1n-4711-ü';

/** Everything that a secret may look like on its way. */
const TRACES = [API_KEY, PIN].flatMap((secret) => [
  secret,
  encodeURIComponent(secret),
  Buffer.from(secret).toString('base64'),
  Buffer.from(secret).toString('base64url'),
  JSON.stringify(secret).slice(1, -1),
]);

const TABLES = ['subscriptions', 'events', 'deliveries', 'attempts', 'health', 'rates', 'sequences'];

function withKeys(current: string, previous: readonly string[] = []): { webhooks: WebhooksModuleOptions } {
  return { webhooks: { dataSource: 'default', egress: { allow: LOOPBACK }, secrets: { current, previous } } };
}

async function caught(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => 'nothing was thrown',
    (error: unknown) => error,
  );
}

describeDatabases('template secrets', (database: TestDatabase) => {
  const stage = useStage(database);

  function inHeader(): SubscriptionInput {
    const header = { Authorization: 'Bearer {{ secrets.API_KEY }}', 'X-Office': '{{secrets.API_KEY}}' };
    return {
      event_types: ['OrderCreated'],
      http_request: { url: stage.receiver.url('/header'), header },
      template_secrets: { API_KEY },
    };
  }

  function inBodyAndUrl(): SubscriptionInput {
    return {
      event_types: ['OrderCreated'],
      http_request: {
        url: stage.receiver.url('/body/{{secrets.API_KEY}}?pin={{ secrets.PIN }}'),
        json_body: { pin: '{{secrets.PIN}}', key: 'k={{ secrets.API_KEY }}', order: '{{order_id}}' },
      },
      template_secrets: { API_KEY, PIN },
    };
  }

  async function bodyTries(host: Host): Promise<string[]> {
    await host.webhooks.drain();
    return stage.receiver.requests.filter(({ path }) => path.startsWith('/body/')).map(({ body }) => body);
  }

  async function failOnce(host: Host): Promise<void> {
    stage.receiver.answer(`/body/${encodeURIComponent(API_KEY)}`, 500, 500, 204);
    await stage.subscribe(host, inBodyAndUrl());
    await host.webhooks.publish(OrderCreated.of('A'));
    await host.webhooks.drain();
  }

  async function rawRows(host: Host): Promise<string> {
    const tables = TABLES.map((name) => host.dataSource.query(`SELECT * FROM webhooks_${name}`));
    return JSON.stringify(await Promise.all(tables));
  }

  async function deliveryId(host: Host): Promise<string> {
    const rows = (await host.dataSource.query('SELECT id FROM webhooks_deliveries')) as [{ id: string }];
    return rows[0].id;
  }

  it('arrive where the template puts them, signed', async () => {
    const host = await stage.host();
    await stage.subscribe(host, inHeader());
    const { secret } = await stage.subscribe(host, inBodyAndUrl());
    await host.webhooks.publish(OrderCreated.of('A'));
    await host.webhooks.drain();

    const [header] = stage.receiver.requestsTo('/header');
    expect(header!.headers).toMatchObject({ authorization: `Bearer ${API_KEY}`, 'x-office': API_KEY });
    const body = stage.receiver.requests.find(({ path }) => path.startsWith('/body/'))!;
    const { pathname, searchParams } = new URL(body.path, stage.receiver.url('/'));
    expect(decodeURIComponent(pathname)).toBe(`/body/${API_KEY}`);
    expect(searchParams.get('pin')).toBe(PIN);
    expect(JSON.parse(body.body)).toEqual({ pin: PIN, key: `k=${API_KEY}`, order: 'A' });
    expect(verify(body, secret)).toBeNull();
  });

  it('are in no row, no log line, no view and no error, whatever happens', async () => {
    stage.receiver.answer('/header', 500, { kind: 'garbage' }, 204);
    const host = await stage.host();
    const header = await stage.subscribe(host, inHeader());
    const body = await stage.subscribe(host, inBodyAndUrl());
    await host.webhooks.publish(OrderCreated.of('A'));
    for (const ms of [0, 7_000, 400_000]) {
      host.clock.advance(ms);
      await host.webhooks.drain();
    }
    const { subscriptions } = host;
    const url = 'https://elsewhere.example/';
    const seen = [
      await subscriptions.list(),
      await subscriptions.update(body.id, { description: 'changed' }),
      await subscriptions.brokenTemplates(),
      await host.get(DeliveriesService).get(await deliveryId(host)),
      await caught(subscriptions.update(header.id, { url })),
      await caught(subscriptions.update(body.id, { template_secrets: { PIN: null } })),
      await caught(stage.subscribe(host, { ...inHeader(), template_secrets: { API_KY: API_KEY } })),
      await caught(stage.subscribe(host, { ...inHeader(), template_secrets: { API_KEY: `${API_KEY}\n` } })),
      await caught(
        stage.subscribe(host, { ...inHeader(), template_secrets: { API_KEY: [API_KEY] } } as object),
      ),
    ];

    expect(await host.count('attempts')).toBe(4);
    expect(stage.receiver.requestsTo('/header')).toHaveLength(3);
    const texts = [
      await rawRows(host),
      host.logger.lines.join('\n'),
      JSON.stringify([header, body, ...seen]),
    ];
    texts.push(...seen.map((each) => `${inspect(each, { depth: 9, showHidden: true })} ${String(each)}`));
    for (const text of texts) for (const trace of TRACES) expect(text).not.toContain(trace);
    expect(seen.slice(4).map((each) => (each as { code: string }).code)).toEqual([
      'SUBSCRIPTION_INVALID',
      'TEMPLATE_UNKNOWN_FIELD',
      'TEMPLATE_UNKNOWN_FIELD',
      'HEADER_VALUE_INVALID',
      'SUBSCRIPTION_INVALID',
    ]);
  });

  it('are blotted out of answers, also what was computed with them, and whatever they look like', async () => {
    const LOGIN = '","x-request-id":"';
    const computed = Buffer.from(LOGIN).toString('base64');
    const headers = { 'content-type': 'text/plain', 'x-request-id': `r-${computed}` };
    stage.receiver.answer('/hook', { status: 500, body: `no ${computed}`, headers });
    const host = await stage.host();
    await stage.subscribe(host, {
      headers: { Authorization: 'Basic {{ secrets.LOGIN | base64_encode }}' },
      url: stage.receiver.url('/hook'),
      template_secrets: { LOGIN },
      event_types: ['OrderCreated'],
    });
    await host.webhooks.publish(OrderCreated.of('A'));
    await host.webhooks.drain();

    const [{ response_headers, response_body }] = (await host.dataSource.query(
      'SELECT response_headers, response_body FROM webhooks_attempts',
    )) as [{ response_headers: string; response_body: string }];
    expect(response_body).toBe('no ********');
    expect(JSON.parse(response_headers)).toMatchObject({ ...headers, 'x-request-id': 'r-********' });
  });

  it('are not found out by one who computes with those that are kept: a save does not depend on them', async () => {
    const host = await stage.host();
    const { id } = await stage.subscribe(host, inBodyAndUrl());
    const outcomes = [];
    for (const letter of ['p', 'x']) {
      const guess = `/{{ secrets.PIN | slice: 0 | replace: "${letter}", ".." }}`;
      const http_request = { url: stage.receiver.url(guess) };
      outcomes.push(await host.subscriptions.update(id, { http_request }).then(() => 'saved', String));
    }
    expect(outcomes).toEqual(['saved', 'saved']);

    const http_request = { url: stage.receiver.url('/{{ secrets.PIN }}') };
    const given = host.subscriptions.update(id, { http_request, template_secrets: { PIN: '..' } });
    await expect(given).rejects.toMatchObject({ code: 'URL_DOT_SEGMENT' });
  });

  it('stand as masks in the record of an attempt', async () => {
    const host = await stage.host();
    await stage.subscribe(host, inBodyAndUrl());
    await host.webhooks.publish(OrderCreated.of('A'));
    await host.webhooks.drain();

    const [{ request }] = (await host.dataSource.query('SELECT request FROM webhooks_attempts')) as [
      { request: string },
    ];
    const mask = '%2A'.repeat(8);
    expect(JSON.parse(request)).toMatchObject({
      method: 'POST',
      url: stage.receiver.url(`/body/${mask}?pin=${mask}`),
      headers: { 'content-type': 'application/json', 'webhook-attempt': '1' },
    });
  });

  it('go out in the same bytes again, although their values were changed meanwhile', async () => {
    const host = await stage.host();
    await failOnce(host);
    const { id } = (await host.subscriptions.list()).items[0]!;
    host.clock.advance(7_000);
    await host.webhooks.drain();
    await host.subscriptions.update(id, { template_secrets: { PIN: 'p1n-new' } });
    host.clock.advance(400_000);

    const tries = await bodyTries(host);
    expect(tries).toHaveLength(3);
    expect(new Set(tries).size).toBe(1);
    expect(stage.receiver.requests.at(-1)!.path).toMatch(/\?pin=p1n-new$/);
    await host.get(DeliveriesService).resend(await deliveryId(host));
    expect(new Set(await bodyTries(host)).size).toBe(1);
    expect(stage.receiver.requests).toHaveLength(4);
  });

  it('are opened with the key before, after a rotation', async () => {
    const host = await stage.host();
    await failOnce(host);
    await host.close();

    const next = randomBytes(32).toString('base64');
    const rotated = await stage.host({ ...withKeys(next, [TEST_KEY]), clock: host.clock });
    rotated.clock.advance(7_000);

    const tries = await bodyTries(rotated);
    expect(tries).toHaveLength(2);
    expect(new Set(tries).size).toBe(1);
  });

  it('wait for a key that is missing: the delivery is tried again by the schedule, and loses nothing', async () => {
    const host = await stage.host();
    await failOnce(host);
    await host.close();

    const without = await stage.host({ ...withKeys(randomBytes(32).toString('base64')), clock: host.clock });
    without.clock.advance(7_000);
    expect(await bodyTries(without)).toHaveLength(1);
    expect(await without.count('attempts', `error = 'SECRET_UNDECRYPTABLE' AND number = 2`)).toBe(1);
    expect(await without.count('deliveries', `state = 'pending'`)).toBe(1);
    expect(without.logger.lines.join('\n')).not.toContain(PIN);
    await without.close();

    const again = await stage.host({ clock: host.clock });
    again.clock.advance(400_000);
    const tries = await bodyTries(again);
    expect(tries).toHaveLength(2);
    expect(new Set(tries).size).toBe(1);
  });

  it('of a body do not follow the subscription to another origin', async () => {
    const host = await stage.host();
    await failOnce(host);
    const { id } = (await host.subscriptions.list()).items[0]!;
    const url = stage.receiver.url('/elsewhere').replace('127.0.0.1', 'localhost');
    const moved = await caught(host.subscriptions.update(id, { http_request: { url } }));
    expect(moved).toMatchObject({ code: 'SUBSCRIPTION_INVALID', path: 'template_secrets.API_KEY' });

    const json_body = { order: '{{order_id}}' };
    const http_request = { url: stage.receiver.url('/elsewhere').replace('http:', 'https:'), json_body };
    await host.subscriptions.update(id, { http_request, template_secrets: null });
    host.clock.advance(7_000);
    await host.webhooks.drain();
    expect(await host.count('deliveries', `body = '{"order":"A"}' AND attempts = 2`)).toBe(1);
  });
});
