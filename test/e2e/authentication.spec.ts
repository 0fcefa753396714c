import { randomBytes } from 'node:crypto';
import type { Authentication } from 'nestjs-webhooks';
import { describeDatabases } from '../support/databases.js';
import { OrderCreated } from '../support/order-events.js';
import { useStage } from '../support/stage.js';

const PASSWORD = 'pä55:w0rd';
const TOKEN = 'eyJhbGciOi.JIUzI1NiJ9_~+/-==';
const VALUE = 'k3y of the office';

interface Case {
  readonly authentication: Authentication;
  readonly header: readonly [string, string];
  readonly shown: object;
  readonly traces: readonly string[];
}

const BASIC = Buffer.from(`Jörg:${PASSWORD}`).toString('base64');
const CASES: readonly Case[] = [
  {
    authentication: { type: 'basic', username: 'Jörg', password: PASSWORD },
    header: ['authorization', `Basic ${BASIC}`],
    shown: { type: 'basic', username: 'Jörg', password: '********' },
    traces: [PASSWORD, BASIC],
  },
  {
    authentication: { type: 'bearer', token: TOKEN },
    header: ['authorization', `Bearer ${TOKEN}`],
    shown: { type: 'bearer', token: '********' },
    traces: [TOKEN],
  },
  {
    authentication: { type: 'header', name: 'X-Office', value: VALUE },
    header: ['x-office', VALUE],
    shown: { type: 'header', name: 'X-Office', value: '********' },
    traces: [VALUE],
  },
];

describeDatabases('authentication towards the receiver', (database) => {
  const stage = useStage(database);

  describe.each(CASES)(
    'as $authentication.type',
    ({ authentication, header: [name, value], shown, traces }) => {
      it('goes out with every attempt, beside the signature', async () => {
        stage.receiver.answer('/hook', 500, 204);
        const host = await stage.host();
        await stage.subscribe(host, { authentication });
        await host.webhooks.publish(OrderCreated.of('A'));
        await host.webhooks.drain();
        host.clock.advance(7_000);
        await host.webhooks.drain();

        const sent = stage.receiver.requestsTo('/hook').map(({ headers }) => headers);
        expect(sent.map((headers) => headers[name])).toEqual([value, value]);
        expect(sent.every((headers) => headers['webhook-signature'] !== undefined)).toBe(true);
      });

      it('is write-only: in no view, no row, and no record, even when the receiver echoes it', async () => {
        stage.receiver.answer('/hook', {
          status: 500,
          body: `You sent ${traces.join(' and ')}.`,
          headers: { 'retry-after': '9' },
        });
        const host = await stage.host();
        const created = await stage.subscribe(host, { authentication });
        await host.webhooks.publish(OrderCreated.of('A'));
        await host.webhooks.drain();

        expect(created.authentication).toEqual(shown);
        const tables = ['subscriptions', 'deliveries', 'attempts'].map((table) =>
          host.dataSource.query(`SELECT * FROM webhooks_${table}`),
        );
        const seen = JSON.stringify([await Promise.all(tables), await host.subscriptions.list(), created]);
        expect(seen).toContain('You sent ********');
        for (const trace of traces) expect(seen).not.toContain(trace);
      });

      it('stays when its mask is sent back, and does not follow to another origin', async () => {
        const host = await stage.host();
        const { id, ...view } = await stage.subscribe(host, { authentication });
        const { http_request } = view;
        await host.subscriptions.update(id, {
          http_request,
          authentication: view.authentication,
          description: 'kept',
        });
        const elsewhere = host.subscriptions.update(id, { url: 'https://elsewhere.example/' });
        await expect(elsewhere).rejects.toMatchObject({
          code: 'SUBSCRIPTION_INVALID',
          path: expect.stringMatching(/^authentication\./) as string,
        });
        await host.webhooks.publish(OrderCreated.of('A'));
        await host.webhooks.drain();
        expect(stage.receiver.requestsTo('/hook')[0]!.headers[name]).toBe(value);

        const bare = await host.subscriptions.update(id, {
          url: 'https://elsewhere.example/',
          authentication: null,
        });
        expect(bare.authentication).toBeNull();
      });
    },
  );

  it('does not stand beside a header of the same name', async () => {
    const host = await stage.host();
    const headers = { Authorization: 'Bearer of-its-own' };
    const input = { url: stage.receiver.url('/hook'), headers, authentication: CASES[0]!.authentication };
    await expect(host.subscriptions.create(input)).rejects.toMatchObject({
      code: 'SUBSCRIPTION_INVALID',
      path: 'authentication',
    });
  });

  it.each<[string, unknown, string]>([
    ['a text', 'Bearer x', 'authentication'],
    ['another type', { type: 'digest', username: 'a' }, 'authentication'],
    ['a type of the prototype', { type: 'constructor' }, 'authentication'],
    ['no password', { type: 'basic', username: 'a' }, 'authentication.password'],
    ['a user name with ":"', { type: 'basic', username: 'a:b', password: 'c' }, 'authentication.username'],
    ['a line break', { type: 'basic', username: 'a', password: 'c\r\nX: y' }, 'authentication.password'],
    ['a token with its scheme', { type: 'bearer', token: 'Bearer abc' }, 'authentication.token'],
    ['a header beyond ASCII', { type: 'header', name: 'X-A', value: 'ü' }, 'authentication.value'],
    ['a header line', { type: 'header', name: 'X-A: b\r\nX', value: 'c' }, 'authentication.name'],
    [
      'the header of the signature',
      { type: 'header', name: 'Webhook-Id', value: 'c' },
      'authentication.name',
    ],
    ['the host header', { type: 'header', name: 'host', value: 'c' }, 'authentication.name'],
    ['a stranger member', { type: 'bearer', token: 'abc', scheme: 'x' }, 'authentication.scheme'],
    ['5,000 characters', { type: 'bearer', token: 'a'.repeat(5_000) }, 'authentication.token'],
    ['a mask where nothing is stored', { type: 'bearer', token: '********' }, 'authentication.token'],
  ])('is refused as %s', async (_name, authentication, path) => {
    const host = await stage.host();
    const input = { url: stage.receiver.url('/hook'), authentication: authentication as Authentication };
    await expect(host.subscriptions.create(input)).rejects.toMatchObject({
      code: 'SUBSCRIPTION_INVALID',
      path,
    });
  });

  it('follows a new key, and says so when it cannot be read', async () => {
    const host = await stage.host();
    const { id } = await stage.subscribe(host, { authentication: CASES[1]!.authentication });
    await host.close();
    const secrets = { current: randomBytes(32).toString('base64') };
    const other = await stage.host({ webhooks: { secrets } });
    expect((await other.subscriptions.get(id)).problem).toMatchObject({ code: 'SECRET_UNDECRYPTABLE' });
  });
});
