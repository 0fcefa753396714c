import { randomBytes } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import type { CanActivate, PipeTransform } from '@nestjs/common';
import {
  BadRequestException,
  Controller,
  HttpCode,
  HttpException,
  Injectable,
  Post,
  Res,
  UseGuards,
} from '@nestjs/common';
import type { ReceivedWebhook, WebhookReceiverOptions } from 'nestjs-webhooks/receiver';
import { VerifiedWebhook, WebhookMessage } from 'nestjs-webhooks/receiver';
import { ObservedReplayStore } from './observed-replay-store.js';
import type { Message } from './receiver-app.js';
import { HooksController, Inbox, ReceiverApp } from './receiver-app.js';
import { describeReplayStores } from './replay-stores.js';
import { signedMessage } from './signed-message.js';

const SECRET = `whsec_${randomBytes(32).toString('base64')}`;
const TENANTS: Readonly<Record<string, string>> = {
  a: `whsec_${randomBytes(32).toString('base64')}`,
  b: `whsec_${randomBytes(32).toString('base64')}`,
};

/** Refuses once. */
@Injectable()
class Doorkeeper implements CanActivate, PipeTransform {
  refusals = 0;

  canActivate(): boolean {
    return this.refusals-- <= 0;
  }

  transform(value: unknown): unknown {
    if (this.refusals-- > 0) throw new BadRequestException();
    return value;
  }
}

@Controller()
class MoreController {
  constructor(private readonly inbox: Inbox) {}

  @Post('other')
  @VerifiedWebhook()
  @HttpCode(202)
  other(@WebhookMessage() webhook: unknown): unknown {
    return this.inbox.take(webhook as ReceivedWebhook);
  }

  @Post('guarded')
  @UseGuards(Doorkeeper)
  @VerifiedWebhook()
  guarded(@WebhookMessage() webhook: unknown): unknown {
    return this.inbox.take(webhook as ReceivedWebhook);
  }

  @Post('piped')
  @VerifiedWebhook()
  piped(@WebhookMessage(Doorkeeper) webhook: unknown): unknown {
    return this.inbox.take(webhook as ReceivedWebhook);
  }

  @Post('status')
  @VerifiedWebhook()
  status(@WebhookMessage() webhook: unknown, @Res({ passthrough: true }) response: unknown): unknown {
    const status = this.inbox.take(webhook as ReceivedWebhook);
    if (typeof status === 'number') (response as { status(code: number): void }).status(status);
    return {};
  }

  @Post('tenants/:tenant')
  @VerifiedWebhook({
    sender: ({ params: { tenant = '' } }) =>
      TENANTS[tenant] === undefined ? null : { name: tenant, secrets: [TENANTS[tenant]] },
  })
  tenant(@WebhookMessage() webhook: unknown): unknown {
    return this.inbox.take(webhook as ReceivedWebhook);
  }
}

/** A handling that lasts until the test ends it. */
interface Held {
  /** Resolves when the handler runs. */
  readonly arrived: Promise<void>;
  readonly end: () => void;
}

function holdNext({ plans }: Inbox): Held {
  let arrive!: () => void;
  let end!: () => void;
  const arrived = new Promise<void>((resolve) => (arrive = resolve));
  const ended = new Promise<void>((resolve) => (end = resolve));
  plans.push(() => {
    arrive();
    return ended;
  });
  return { arrived, end };
}

/** Lets what follows a settled promise happen first. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

describeReplayStores('the replay memory', (stage) => {
  let store: ObservedReplayStore;
  let receiver: ReceiverApp;

  const start = (options: WebhookReceiverOptions = {}): Promise<ReceiverApp> =>
    ReceiverApp.start({
      receiver: { secrets: [SECRET], replay: { store }, ...options },
      controllers: [HooksController, MoreController],
      providers: [Doorkeeper],
      clock: stage.clock,
    });
  /** The message of an attempt made at this moment of the clock. */
  const attempt = (id: string, path?: string): Message =>
    signedMessage(SECRET, { id, at: stage.clock.now(), ...(path !== undefined && { path }) });

  beforeEach(async () => {
    store = new ObservedReplayStore(stage.store);
    receiver = await start();
  });

  afterEach(() => receiver.close());

  it('answers a request that is sent again like the first time, without its handler', async () => {
    const message = attempt('evt_1');
    receiver.inbox.plans.push(() => ({ ok: true }));

    const first = await receiver.send(message);
    const again = await receiver.send(message);

    expect(first).toMatchObject({ status: 201, body: '{"ok":true}' });
    expect(first.headers).not.toHaveProperty('webhook-duplicate');
    expect(again).toMatchObject({ status: 201, body: '', headers: { 'webhook-duplicate': 'true' } });
    expect(receiver.inbox.ids).toEqual(['evt_1']);
  });

  it('answers a duplicate with the status of the route', async () => {
    await receiver.send(attempt('evt_1', '/other'));

    expect(await receiver.send(attempt('evt_1', '/other'))).toMatchObject({ status: 202, body: '' });
  });

  it('takes another attempt for the message that was handled, whatever its timestamp', async () => {
    await receiver.send(attempt('evt_1'));
    stage.clock.advance(5 * 3_600_000);

    expect(await receiver.send(attempt('evt_1'))).toMatchObject({ headers: { 'webhook-duplicate': 'true' } });
    expect(receiver.inbox.ids).toEqual(['evt_1']);
  });

  it.each([
    ['a failure', 500, () => new Error('database down')],
    ['a refusal', 422, () => new HttpException('not now', 422)],
  ])('lets the next attempt through after %s of the handler', async (_case, status, failure) => {
    receiver.inbox.plans.push(() => {
      throw failure();
    });

    expect(await receiver.send(attempt('evt_1'))).toMatchObject({ status });
    expect(await receiver.send(attempt('evt_1'))).toMatchObject({ status: 201 });
    expect(await receiver.send(attempt('evt_1'))).toMatchObject({ headers: { 'webhook-duplicate': 'true' } });
    expect(receiver.inbox.ids).toEqual(['evt_1', 'evt_1']);
  });

  it.each(['/guarded', '/piped'])('uses no message up that %s refuses before its handler', async (path) => {
    receiver.app.get(Doorkeeper).refusals = 1;

    expect((await receiver.send(attempt('evt_1', path))).status).toBeGreaterThanOrEqual(400);
    expect(await receiver.send(attempt('evt_1', path))).toMatchObject({ status: 201 });
    expect(receiver.inbox.ids).toEqual(['evt_1']);
  });

  it('goes by the status that a handler sets itself', async () => {
    receiver.inbox.plans.push(
      () => 503,
      () => 200,
    );

    expect(await receiver.send(attempt('evt_1', '/status'))).toMatchObject({ status: 503 });
    expect(await receiver.send(attempt('evt_1', '/status'))).toMatchObject({ status: 200 });
    expect(await receiver.send(attempt('evt_1', '/status'))).toMatchObject({
      headers: { 'webhook-duplicate': 'true' },
    });
    expect(receiver.inbox.ids).toHaveLength(2);
  });

  it('refuses a message that is being handled, with the time to wait', async () => {
    const { arrived, end } = holdNext(receiver.inbox);
    const first = receiver.send(attempt('evt_1'));
    await arrived;

    const second = await receiver.send(attempt('evt_1'));
    end();

    expect(second).toMatchObject({ status: 409 });
    expect(JSON.parse(second.body)).toMatchObject({ code: 'WEBHOOK_IN_PROGRESS' });
    expect(Number(second.headers['retry-after'])).toBeGreaterThan(0);
    expect(Number(second.headers['retry-after'])).toBeLessThanOrEqual(60);
    expect(await first).toMatchObject({ status: 201 });
    expect(await receiver.send(attempt('evt_1'))).toMatchObject({ headers: { 'webhook-duplicate': 'true' } });
    expect(receiver.inbox.ids).toEqual(['evt_1']);
  });

  it('lets one of twenty simultaneous requests through', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => receiver.send(attempt('evt_1'))));

    const handled = answers.filter(({ status, headers }) => status === 201 && !headers['webhook-duplicate']);
    const others = answers.filter(({ status, headers }) => status === 409 || headers['webhook-duplicate']);
    expect(handled).toHaveLength(1);
    expect(others).toHaveLength(19);
    expect(receiver.inbox.ids).toEqual(['evt_1']);
  });

  it('holds a message for as long as its handler takes', async () => {
    const { arrived, end } = holdNext(receiver.inbox);
    const first = receiver.send(attempt('evt_1'));
    await arrived;

    for (let minute = 0; minute < 12; minute++) {
      const extended = store.next('extend');
      stage.clock.advance(20_000);
      await extended;
      await turn();
    }
    const second = await receiver.send(attempt('evt_1'));
    end();

    expect(second).toMatchObject({ status: 409 });
    expect(await first).toMatchObject({ status: 201 });
    expect(receiver.logger.of('warn')).toEqual([]);
  });

  it('lets a message go that a crashed process held', async () => {
    await stage.store.claim({ scope: 'HooksController.receive', id: 'evt_1', token: 'of the dead' }, 60_000);

    expect(await receiver.send(attempt('evt_1'))).toMatchObject({ status: 409 });
    stage.clock.advance(61_000);
    expect(await receiver.send(attempt('evt_1'))).toMatchObject({ status: 201 });
    expect(receiver.inbox.ids).toEqual(['evt_1']);
  });

  it('says so when a message was taken over while its handler ran', async () => {
    const { arrived, end } = holdNext(receiver.inbox);
    const first = receiver.send(attempt('evt_1'));
    await arrived;
    store.fail('extend', new Error('database down'));
    const failed = store.next('extend');
    stage.clock.advance(20_000);
    await failed;
    await turn();
    stage.clock.advance(50_000);

    expect(await receiver.send(attempt('evt_1'))).toMatchObject({ status: 201 });
    end();

    expect(await first).toMatchObject({ status: 201 });
    expect(receiver.inbox.ids).toEqual(['evt_1', 'evt_1']);
    expect(receiver.logger.of('warn').join('\n')).toContain(
      '"evt_1" could not be held: Error: database down',
    );
    expect(receiver.logger.of('warn').join('\n')).toContain('may have been handled twice');
  });

  it('remembers what was handled although its sender hung up', async () => {
    const { arrived, end } = holdNext(receiver.inbox);
    const { headers, body } = attempt('evt_1');
    const request = httpRequest(new URL('/hooks', receiver.url), {
      method: 'POST',
      headers: Object.fromEntries(headers),
    });
    request.on('error', () => undefined).end(body);
    await arrived;
    const completed = store.next('complete');
    request.destroy();
    end();
    await completed;

    expect(await receiver.send(attempt('evt_1'))).toMatchObject({ headers: { 'webhook-duplicate': 'true' } });
    expect(receiver.inbox.ids).toEqual(['evt_1']);
  });

  it('forgets after seven days', async () => {
    await receiver.send(attempt('evt_1'));
    stage.clock.advance(7 * 24 * 3_600_000 + 1_000);

    const again = await receiver.send(attempt('evt_1'));

    expect(again.headers).not.toHaveProperty('webhook-duplicate');
    expect(receiver.inbox.ids).toEqual(['evt_1', 'evt_1']);
  });

  it('keeps the routes of an application apart: each gets the same event once', async () => {
    for (const path of ['/hooks', '/other', '/hooks', '/other']) await receiver.send(attempt('evt_1', path));

    expect(receiver.inbox.ids).toEqual(['evt_1', 'evt_1']);
  });

  it('keeps senders apart: none can use up the message of another', async () => {
    const from = (tenant: string, secret = TENANTS[tenant]!): Message =>
      signedMessage(secret, { id: 'evt_1', at: stage.clock.now(), path: `/tenants/${tenant}` });

    expect(await receiver.send(from('a'))).toMatchObject({ status: 201 });
    expect(await receiver.send(from('b', TENANTS['a']))).toMatchObject({ status: 401 });
    expect(await receiver.send(from('c', TENANTS['a']))).toMatchObject({ status: 401 });
    expect(await receiver.send(from('b'))).toMatchObject({ status: 201 });
    expect(await receiver.send(from('b'))).toMatchObject({ headers: { 'webhook-duplicate': 'true' } });
    expect(receiver.inbox.ids).toEqual(['evt_1', 'evt_1']);
  });

  it('is asked about no message that is not genuine', async () => {
    store.fail('claim', new Error('asked'));

    const forged = signedMessage(TENANTS['a']!, { id: 'evt_1', at: stage.clock.now() });

    expect(await receiver.send(forged)).toMatchObject({ status: 401 });
  });

  it('lets nothing through that it cannot remember', async () => {
    store.fail('claim', new Error('database down'));

    expect(await receiver.send(attempt('evt_1'))).toMatchObject({ status: 500 });
    store.fail('claim');
    expect(await receiver.send(attempt('evt_1'))).toMatchObject({ status: 201 });
    expect(receiver.inbox.ids).toEqual(['evt_1']);
  });

  it('tells the sender of a success that it could not write down, and the operator of the rest', async () => {
    store.fail('complete', new Error('database down'));

    expect(await receiver.send(attempt('evt_1'))).toMatchObject({ status: 201 });
    expect(receiver.logger.of('warn')).toEqual([
      expect.stringContaining('webhook "evt_1" could not be remembered: Error: database down'),
    ]);
  });

  it('answers with the error of the handler although the message could not be given back', async () => {
    store.fail('release', new Error('database down'));
    receiver.inbox.plans.push(() => {
      throw new HttpException('not now', 422);
    });

    expect(await receiver.send(attempt('evt_1'))).toMatchObject({ status: 422 });
    expect(receiver.logger.of('warn')).toEqual([
      expect.stringContaining('webhook "evt_1" could not be released: Error: database down'),
    ]);
  });

  it('can be switched off', async () => {
    await receiver.close();
    receiver = await start({ replay: false });
    const message = attempt('evt_1');

    await receiver.send(message);
    const again = await receiver.send(message);

    expect(again.headers).not.toHaveProperty('webhook-duplicate');
    expect(receiver.inbox.ids).toEqual(['evt_1', 'evt_1']);
  });

  it('holds and remembers for as long as the options say', async () => {
    await receiver.close();
    receiver = await start({ replay: { store, claimFor: 5_000, rememberFor: 700_000 } });
    await receiver.send(attempt('evt_1'));
    stage.clock.advance(690_000);
    expect(await receiver.send(attempt('evt_1'))).toMatchObject({ headers: { 'webhook-duplicate': 'true' } });
    stage.clock.advance(11_000);
    await receiver.send(attempt('evt_1'));

    const { arrived, end } = holdNext(receiver.inbox);
    const first = receiver.send(attempt('evt_2'));
    await arrived;
    const { headers } = await receiver.send(attempt('evt_2'));
    end();

    expect(Number(headers['retry-after'])).toBeLessThanOrEqual(5);
    expect(await first).toMatchObject({ status: 201 });
    expect(receiver.inbox.ids).toEqual(['evt_1', 'evt_1', 'evt_2']);
  });
});
