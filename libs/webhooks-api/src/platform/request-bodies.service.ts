import type { OnModuleInit } from '@nestjs/common';
import { HttpException, Inject, Injectable } from '@nestjs/common';
import { ApplicationConfig, HttpAdapterHost } from '@nestjs/core';
import { MERGE_PATCH } from '../operations/media-types.js';
import { ProblemFilter, type ProblemReply } from '../problems/problem.filter.js';

/** Where the API is, below the global prefix. */
export const API_PATH = Symbol('WEBHOOKS_API_PATH');

interface Fault {
  readonly status?: number;
  readonly statusCode?: number;
}

interface Addressed {
  readonly url?: string | undefined;
  readonly originalUrl?: string;
}

/** The part of Fastify that is needed. */
interface FastifyLike {
  hasContentTypeParser(type: string): boolean;
  getDefaultJsonParser(onProto: string, onConstructor: string): unknown;
  addContentTypeParser(type: string, options: object, parser: unknown): void;
  addHook(name: 'onRoute', hook: (route: { url: string; errorHandler?: unknown }) => void): void;
}

/** The part of Express that is needed, by its adapter. */
interface ExpressLike {
  useBodyParser(parser: 'json', rawBody: boolean, options: object): void;
  use(
    handler: (fault: Fault, request: Addressed, reply: ProblemReply, next: (fault: Fault) => void) => void,
  ): void;
}

/**
 * Bodies are read by the host's HTTP server before any route is looked for: there it has to learn to read merge patches, and what it
 * refuses, paths included, has to become problem details. Both for the paths of the API only, but for what Fastify knows
 * application-wide.
 */
@Injectable()
export class RequestBodies implements OnModuleInit {
  constructor(
    private readonly adapters: HttpAdapterHost,
    private readonly config: ApplicationConfig,
    private readonly filter: ProblemFilter,
    @Inject(API_PATH) private readonly path: string,
  ) {}

  /** Has to be called before routes are bound. */
  prepare(): void {
    const adapter = this.adapters.httpAdapter as HttpAdapterHost['httpAdapter'] | undefined;
    if (adapter?.getType() === 'fastify') this.onFastify(adapter.getInstance());
    if (adapter?.getType() === 'express') this.readPatches(adapter as unknown as ExpressLike);
  }

  /** Has to be called when routes are bound: Express asks who stands behind them what to answer to a path that it cannot decode. */
  onModuleInit(): void {
    const adapter = this.adapters.httpAdapter as HttpAdapterHost['httpAdapter'] | undefined;
    if (adapter?.getType() === 'express') this.answerFaults(adapter as unknown as ExpressLike);
  }

  private readPatches(adapter: ExpressLike): void {
    const isOurPatch = (request: Addressed & { headers: Record<string, string | undefined> }): boolean =>
      this.isOurs(request) && request.headers['content-type']?.startsWith(MERGE_PATCH) === true;
    adapter.useBodyParser('json', false, { type: isOurPatch });
  }

  private answerFaults(adapter: ExpressLike): void {
    adapter.use((fault, request, reply, next) => {
      if (this.isOurs(request)) this.refuse(fault, reply);
      else next(fault);
    });
  }

  private onFastify(instance: FastifyLike): void {
    if (!instance.hasContentTypeParser(MERGE_PATCH)) {
      const parser = instance.getDefaultJsonParser('error', 'error');
      instance.addContentTypeParser(MERGE_PATCH, { parseAs: 'string' }, parser);
    }
    instance.addHook('onRoute', (route) => {
      if (!this.isOurs(route)) return;
      route.errorHandler = (fault: Fault, _request: unknown, reply: ProblemReply) =>
        this.refuse(fault, reply);
    });
  }

  private isOurs({ originalUrl, url = '' }: Addressed): boolean {
    const parts = [this.config.getGlobalPrefix(), this.path].flatMap((path) => path.split('/'));
    const base = `/${parts.filter((part) => part !== '').join('/')}`;
    const [path = ''] = (originalUrl ?? url).split('?');
    return path === base || path.startsWith(`${base}/`);
  }

  // The parser's own message may quote the body. What is no refusal is the application's own fault, and is logged as it is.
  private refuse(fault: Fault, reply: ProblemReply): void {
    const { status, statusCode } = fault;
    const given = status ?? statusCode ?? 500;
    const about = fault instanceof URIError ? UNDECODABLE : MESSAGES[given];
    const refusal = (): HttpException => new HttpException(about ?? 'The body cannot be read.', given);
    this.filter.answer(given < 500 ? refusal() : fault, reply);
  }
}

const UNDECODABLE = 'The path is not encoded as the text of a URL: a percent sign is %25.';
const MESSAGES: Readonly<Record<number, string>> = {
  400: 'The body is no JSON.',
  413: 'The body is larger than this application takes.',
  415: 'The body is of a kind that is not taken: send application/json.',
};
