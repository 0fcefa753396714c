import { randomBytes } from 'node:crypto';
import type { Type } from '@nestjs/common';
import { Controller, Post, Res, UseInterceptors } from '@nestjs/common';
import type { ReceivedWebhook, WebhookReceiverOptions, WebhookRequest } from 'nestjs-webhooks/receiver';
import {
  MemoryReplayStore,
  VerifiedWebhook,
  WebhookMessage,
  WebhookReceiverModule,
} from 'nestjs-webhooks/receiver';
import { TestClock } from 'nestjs-webhooks/testing';
import { HooksController, Inbox, ReceiverApp } from './receiver-app.js';
import { signedMessage } from './signed-message.js';

const secretOf = (): string => `whsec_${randomBytes(32).toString('base64')}`;
const [SECRET, OTHER] = [secretOf(), secretOf()];

@Controller()
class RoutesController {
  constructor(private readonly inbox: Inbox) {}

  @Post('own-secret')
  @VerifiedWebhook({ secrets: [OTHER] })
  ownSecret(@WebhookMessage('body') body: unknown): unknown {
    return body;
  }

  @Post('own-tolerance')
  @VerifiedWebhook({ tolerance: 5_000 })
  ownTolerance(@WebhookMessage() webhook: unknown): unknown {
    return this.inbox.take(webhook as ReceivedWebhook);
  }
}

describe('the options of the receiver', () => {
  const open: ReceiverApp[] = [];
  const start = async (
    receiver: WebhookReceiverOptions,
    controllers: readonly Type[] = [HooksController],
  ): Promise<ReceiverApp> => {
    const app = await ReceiverApp.start({ receiver, controllers });
    open.push(app);
    return app;
  };

  afterEach(async () => {
    for (const app of open.splice(0)) await app.close();
  });

  it.each<[string, WebhookReceiverOptions, string]>([
    ['no keys', {}, 'HooksController.receive has no keys'],
    ['empty lists of keys', { secrets: [], publicKeys: [] }, 'has an empty list of keys'],
    ['keys and a resolver', { secrets: [SECRET], sender: () => null }, 'has both "sender" and fixed keys'],
    [
      'a tolerance in seconds',
      { secrets: [SECRET], tolerance: 300 },
      'tolerance is 300; it must be at least 1000',
    ],
    ['a tolerance of words', { secrets: [SECRET], tolerance: NaN }, 'tolerance is NaN'],
    ['a claim in seconds', { secrets: [SECRET], replay: { claimFor: 60 } }, 'replay.claimFor is 60'],
    [
      'a memory shorter than a request is good',
      { secrets: [SECRET], replay: { rememberFor: 599_000 } },
      'replay.rememberFor is 599000 ms; it must be at least twice tolerance (300000)',
    ],
  ])('fail the boot with %s', async (_case, options, words) => {
    await expect(start(options)).rejects.toMatchObject({
      code: 'RECEIVER_OPTIONS_INVALID',
      message: expect.stringContaining(words),
    });
  });

  it.each<[string, WebhookReceiverOptions, string]>([
    ['secret', { secrets: ['whsec_hunter2'] }, 'SECRET_INVALID'],
    ['public key', { publicKeys: ['whpk_hunter2'] }, 'PUBLIC_KEY_INVALID'],
  ])('fail the boot with a malformed %s, without repeating it', async (_case, options, code) => {
    await expect(start(options)).rejects.toMatchObject({
      code,
      message: expect.not.stringContaining('hunter2'),
    });
  });

  it('of a route go before those of the module', async () => {
    const app = await start({ secrets: [SECRET] }, [RoutesController]);
    const from = (secret: string, path: string, at = Date.now()) =>
      app.send(signedMessage(secret, { path, at, body: '[1]' }));

    expect(await from(OTHER, '/own-secret')).toMatchObject({ status: 201, body: '[1]' });
    expect(await from(SECRET, '/own-secret')).toMatchObject({ status: 401 });
    expect(await from(SECRET, '/own-tolerance')).toMatchObject({ status: 201 });
    expect(await from(SECRET, '/own-tolerance', Date.now() - 8_000)).toMatchObject({ status: 401 });
  });

  it('come from a factory as well', async () => {
    const receiverModule = WebhookReceiverModule.forRootAsync({
      useFactory: async () => ({ secrets: [SECRET] }),
    });
    const app = await ReceiverApp.start({ receiverModule });
    open.push(app);

    expect(await app.send(signedMessage(SECRET))).toMatchObject({ status: 201 });
  });

  it('ask a resolver whose request it is, which sees the request', async () => {
    const seen: WebhookRequest[] = [];
    const sender = async (request: WebhookRequest) => {
      seen.push(request);
      return request.headers['x-tenant'] === 'a' ? { name: 'a', secrets: [SECRET, OTHER] } : null;
    };
    const app = await start({ sender });
    const as = (tenant: string) => app.send(signedMessage(OTHER, { headers: [['x-tenant', tenant]] }));

    expect(await as('a')).toMatchObject({ status: 201 });
    const [unknown, wrong] = [
      await as('b'),
      await app.send(signedMessage(secretOf(), { headers: [['x-tenant', 'a']] })),
    ];
    expect(unknown).toMatchObject({ status: 401, body: wrong.body });
    expect(seen[0]).toMatchObject({ url: '/hooks', rawBody: Buffer.from('{"type":"test"}') });
  });

  it.each([
    ['fails', () => Promise.reject(new Error('database down'))],
    ['returns a malformed secret', () => ({ name: 'a', secrets: ['whsec_hunter2'] })],
    ['returns a name that cannot be kept', () => ({ name: 'a\0', secrets: [SECRET] })],
    ['returns no name', () => ({ name: '', secrets: [SECRET] })],
  ])('answer 500 when the resolver %s, and name no secret', async (_case, sender) => {
    const app = await start({ sender });

    const answer = await app.send(signedMessage(SECRET));

    expect(answer.status).toBe(500);
    expect(app.logger.lines.join() + answer.body).not.toContain('hunter2');
    expect(app.inbox.received).toEqual([]);
  });

  it('refuse two routes of one name, which would be one to the replay memory', async () => {
    @Controller('v2')
    class Twin extends RoutesController {}
    Object.defineProperty(Twin, 'name', { value: 'RoutesController' });

    await expect(start({ secrets: [SECRET] }, [RoutesController, Twin])).rejects.toThrow(
      'has the name "RoutesController.ownSecret", like another route',
    );
  });

  it('let a route choose its name', async () => {
    @Controller()
    class Named {
      @Post('hooks')
      @VerifiedWebhook({ name: 'orders_1' })
      receive(@WebhookMessage('id') id: string): string {
        return id;
      }
    }
    const app = await start({ secrets: [SECRET] }, [Named]);

    expect(await app.send(signedMessage(SECRET, { id: 'evt_1' }))).toMatchObject({ body: 'evt_1' });
    await app.send(signedMessage(OTHER));
    expect(app.logger.of('warn')).toEqual([expect.stringContaining('orders_1 refused')]);

    @Controller()
    class Misnamed {
      @Post('hooks')
      @VerifiedWebhook({ name: 'a:b' })
      receive(): void {}
    }
    await expect(start({ secrets: [SECRET] }, [Misnamed])).rejects.toThrow('has the name "a:b"');
  });

  it('refuse a handler that answers by itself, unless there is no memory', async () => {
    @Controller()
    class ByHand {
      @Post('hooks')
      @VerifiedWebhook()
      receive(@Res() response: unknown): void {
        (response as { status(code: number): { end(): void } }).status(204).end();
      }
    }

    await expect(start({ secrets: [SECRET] }, [ByHand])).rejects.toThrow('@Res({ passthrough: true })');
    const app = await start({ secrets: [SECRET], replay: false }, [ByHand]);
    expect(await app.send(signedMessage(SECRET))).toMatchObject({ status: 204 });
  });

  it('never hand an unverified request to a handler that asks for a webhook', async () => {
    @Controller()
    class Open {
      @Post('hooks')
      receive(@WebhookMessage() webhook: unknown): unknown {
        return webhook;
      }
    }
    const app = await start({ secrets: [SECRET] }, [Open]);

    expect(await app.send(signedMessage(SECRET))).toMatchObject({ status: 500 });
    expect(app.logger.of('error').join()).toContain(
      'Open.receive uses @WebhookMessage() but not @VerifiedWebhook()',
    );
  });

  it('hold for the inherited handlers of each controller on its own', async () => {
    @Controller('first')
    class First extends HooksController {}
    @Controller('second')
    class Second extends HooksController {}
    const app = await start({ secrets: [SECRET] }, [First, Second]);

    for (const path of ['/first/hooks', '/second/hooks', '/second/hooks']) {
      expect(await app.send(signedMessage(SECRET, { id: 'evt_1', path }))).toMatchObject({ status: 201 });
    }
    expect(app.inbox.ids).toEqual(['evt_1', 'evt_1']);
  });

  it('leave other interceptors and their order alone', async () => {
    const order: string[] = [];
    const note = (text: string) => ({
      intercept: (_context: unknown, next: { handle(): never }) => {
        order.push(text);
        return next.handle();
      },
    });
    @Controller()
    class Intercepted {
      @Post('hooks')
      @UseInterceptors(note('inner'))
      @VerifiedWebhook()
      @UseInterceptors(note('outer'))
      receive(): void {
        order.push('handler');
      }
    }
    const app = await start({ secrets: [SECRET] }, [Intercepted]);
    const message = signedMessage(SECRET);
    await app.send(message);
    await app.send(message);

    expect(order).toEqual(['outer', 'inner', 'handler', 'outer']);
  });
});

describe('a memory of this process', () => {
  it('is bounded: the oldest handled message goes first', async () => {
    const clock = new TestClock();
    const store = new MemoryReplayStore({ maxEntries: 3, clock });
    const handle = async (id: string): Promise<string> => {
      const claim = { scope: 's', id, token: id };
      const { state } = await store.claim(claim, 60_000);
      if (state === 'taken') await store.complete(claim, 600_000);
      return state;
    };
    for (const id of ['1', '2', '3', '4']) await handle(id);

    expect(store.size).toBe(3);
    expect([await handle('2'), await handle('4'), await handle('1')]).toEqual(['done', 'done', 'taken']);
    clock.advance(601_000);
    expect(store.size).toBe(0);
  });

  it('never forgets a message that is being handled for the sake of another', async () => {
    const store = new MemoryReplayStore({ maxEntries: 1 });
    const claims = ['1', '2', '3'].map((id) => ({ scope: 's', id, token: id }));
    for (const claim of claims) expect(await store.claim(claim, 60_000)).toEqual({ state: 'taken' });

    for (const claim of claims) {
      expect(await store.claim({ ...claim, token: 'other' }, 60_000)).toMatchObject({ state: 'running' });
    }
  });
});
