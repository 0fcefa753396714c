import type { ArgumentsHost } from '@nestjs/common';
import { Catch, HttpException, HttpStatus, Logger } from '@nestjs/common';
import { BaseExceptionFilter } from '@nestjs/core';
import { WebhooksError } from 'nestjs-webhooks';

/** What Atlas answers when all is well. */
export const SUCCESS = { status: 0, msg: 'success' } as const;

const INVALID = 1;
const UNKNOWN_CLIENT = 2;
const BROKEN = 9;

/** Answers every failure as Atlas does: HTTP 200 and a `status` that is not 0. The `msg` is for people. */
@Catch()
export class AtlasErrorFilter extends BaseExceptionFilter {
  private readonly logger = new Logger('Atlas');

  override catch(error: unknown, host: ArgumentsHost): void {
    super.catch(new HttpException(this.answerTo(error), HttpStatus.OK), host);
  }

  private answerTo(error: unknown): { status: number; msg: string } {
    if (error instanceof WebhooksError) return { status: INVALID, msg: error.message };
    if (error instanceof HttpException && error.getStatus() < 500) {
      const isUnknown = error.getStatus() === Number(HttpStatus.UNAUTHORIZED);
      return { status: isUnknown ? UNKNOWN_CLIENT : INVALID, msg: messageOf(error) };
    }
    this.logger.error(error);
    return { status: BROKEN, msg: 'system error' };
  }
}

// The validation pipe has a message for each field that is wrong.
function messageOf(error: HttpException): string {
  const { message } = error.getResponse() as { message?: string | string[] };
  return [message ?? error.message].flat().join('; ');
}
