import { request as httpRequest } from 'node:http';
import { Controller, Injectable, Module, Post } from '@nestjs/common';
import type { DynamicModule, INestApplication, Provider, Type } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { Clock } from 'nestjs-webhooks';
import type { WebhookReceiverOptions } from 'nestjs-webhooks/receiver';
import {
  ReceivedWebhook,
  VerifiedWebhook,
  WebhookMessage,
  WebhookReceiverModule,
} from 'nestjs-webhooks/receiver';
import { TestClock } from 'nestjs-webhooks/testing';
import { RecordingLogger } from '../support/recording.logger.js';

/** What the handlers of a receiving application got, and what they do with it. */
@Injectable()
export class Inbox {
  readonly received: ReceivedWebhook[] = [];
  /** The next handlings; without any, handling succeeds. */
  readonly plans: ((webhook: ReceivedWebhook) => unknown)[] = [];

  take(webhook: ReceivedWebhook): unknown {
    this.received.push(webhook);
    return this.plans.shift()?.(webhook);
  }

  get ids(): string[] {
    return this.received.map(({ id }) => id);
  }
}

@Controller()
export class HooksController {
  constructor(private readonly inbox: Inbox) {}

  @Post('hooks')
  @VerifiedWebhook()
  receive(@WebhookMessage() webhook: ReceivedWebhook): unknown {
    return this.inbox.take(webhook);
  }
}

/** How a receiving application differs from the plain one. */
export interface ReceiverAppOptions {
  readonly receiver?: WebhookReceiverOptions;
  /** Instead of the module made with `receiver`. */
  readonly receiverModule?: DynamicModule;
  readonly controllers?: readonly Type[];
  readonly imports?: readonly (DynamicModule | Type)[];
  readonly providers?: readonly Provider[];
  readonly clock?: TestClock;
  /** @default true */
  readonly rawBody?: boolean;
}

/** What a receiving application answered. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** A request as a test sends it: headers as pairs, so that one can come twice. */
export interface Message {
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string | Buffer;
  readonly path?: string;
}

/** A running application that receives webhooks. */
export class ReceiverApp {
  private constructor(
    readonly app: INestApplication,
    readonly inbox: Inbox,
    readonly clock: TestClock,
    readonly logger: RecordingLogger,
    readonly url: string,
  ) {}

  static async start(options: ReceiverAppOptions): Promise<ReceiverApp> {
    const clock = options.clock ?? new TestClock();
    const logger = new RecordingLogger();
    const testing = await Test.createTestingModule({ imports: [appModule(options)] })
      .overrideProvider(Clock)
      .useValue(clock)
      .setLogger(logger)
      .compile();
    const app = testing.createNestApplication({ rawBody: options.rawBody ?? true });
    await app.listen(0, '127.0.0.1');
    return new ReceiverApp(app, app.get(Inbox), clock, logger, await app.getUrl());
  }

  send(message: Message): Promise<Answer> {
    return send(this.url, message);
  }

  close(): Promise<void> {
    return this.app.close();
  }
}

function appModule({ receiver, receiverModule, ...rest }: ReceiverAppOptions): Type {
  @Module({
    imports: [receiverModule ?? WebhookReceiverModule.forRoot(receiver ?? {}), ...(rest.imports ?? [])],
    controllers: [...(rest.controllers ?? [HooksController])],
    providers: [Inbox, ...(rest.providers ?? [])],
  })
  class ReceiverAppModule {}
  return ReceiverAppModule;
}

/** Posts exactly these headers and bytes. */
export function send(url: string, { headers, body, path = '/hooks' }: Message): Promise<Answer> {
  const flat = headers.flatMap(([name, value]) => [name, value]);
  const bytes = Buffer.from(body);
  const length = ['content-length', String(bytes.length), 'host', new URL(url).host];
  return new Promise((resolve, reject) => {
    const request = httpRequest(new URL(path, url), {
      method: 'POST',
      headers: [...flat, ...length],
      agent: false,
    });
    request.on('error', reject).on('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode!, headers: response.headers, body: text }),
      );
    });
    request.end(bytes);
  });
}
