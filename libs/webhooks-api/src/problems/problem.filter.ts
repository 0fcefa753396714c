import { STATUS_CODES } from 'node:http';
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import { Catch, HttpException, Injectable, Logger } from '@nestjs/common';
import { RateLimitedError, WebhooksError } from 'nestjs-webhooks';
import { WebhooksAccess } from '../access/webhooks-access.js';
import type { Problem, ProblemIssue } from './problem.model.js';
import { STATUS_OF } from './status-of.js';

/** What an answer is written to: on Express and on Fastify these have the same names. */
export interface ProblemReply {
  status(code: number): ProblemReply;
  header(name: string, value: string): ProblemReply;
  send(text: string): unknown;
}

/** What some of the core's errors say beside their code. */
type Details = {
  readonly path?: string;
  readonly suggestion?: string;
  readonly issues?: readonly ProblemIssue[];
};

const BUSY_SECONDS = 1;
const FAULT = 'The application could not do this. It has been logged; nothing is wrong with the request.';

/** Answers every error of the API with problem details (RFC 9457). What the caller cannot do anything about is logged, not told. */
@Injectable()
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('WebhooksApi');

  constructor(private readonly access: WebhooksAccess) {}

  catch(error: unknown, host: ArgumentsHost): void {
    this.answer(error, host.switchToHttp().getResponse<ProblemReply>());
  }

  /** The same, where no route has been found yet. */
  answer(error: unknown, reply: ProblemReply): void {
    const problem = problemOf(error);
    if (problem.detail === FAULT) this.logger.error(`An operation failed: ${String(error)}`, stackOf(error));
    reply.status(problem.status).header('content-type', 'application/problem+json; charset=utf-8');
    reply.header('cache-control', 'no-store');
    if (problem.status === 401) reply.header('www-authenticate', this.challenge());
    if (error instanceof RateLimitedError) reply.header('retry-after', String(error.retryAfterSeconds));
    if (problem.status === 503) reply.header('retry-after', String(BUSY_SECONDS));
    reply.send(JSON.stringify(problem));
  }

  private challenge(): string {
    const { scheme } = this.access;
    return scheme.type === 'http' ? scheme.scheme.replace(/^./, (first) => first.toUpperCase()) : 'ApiKey';
  }
}

function problemOf(error: unknown): Problem {
  if (error instanceof WebhooksError) {
    const status = STATUS_OF[error.code] ?? 500;
    return status === 500
      ? problem(500, 'INTERNAL', FAULT)
      : problem(status, error.code, error.message, error as Details);
  }
  const status = error instanceof HttpException ? error.getStatus() : 500;
  if (status < 500) return problem(status, codeOf(status), (error as HttpException).message);
  return problem(status, codeOf(status), FAULT);
}

function problem(status: number, code: string, detail: string, details: Details = {}): Problem {
  const { path, suggestion, issues } = details;
  return {
    ...{ type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, detail, code },
    ...(path !== undefined && { path }),
    ...(suggestion !== undefined && { suggestion }),
    ...(issues !== undefined && { issues }),
  };
}

/** `NOT_FOUND` for 404. */
function codeOf(status: number): string {
  if (status === 401) return 'UNAUTHENTICATED';
  if (status === 500) return 'INTERNAL';
  return (STATUS_CODES[status] ?? 'REFUSED').toUpperCase().replaceAll(/[^A-Z]+/g, '_');
}

function stackOf(error: unknown): string | undefined {
  return error instanceof Error ? error.stack : undefined;
}
