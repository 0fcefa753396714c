import type { ArgumentsHost } from '@nestjs/common';
import { Catch, HttpException, HttpStatus } from '@nestjs/common';
import { BaseExceptionFilter } from '@nestjs/core';
import { WebhooksError } from 'nestjs-webhooks';

/** Answers what the library refuses with its `code`, `message` and, where it knows one, the `path` in the request. */
@Catch(WebhooksError)
export class WebhooksErrorFilter extends BaseExceptionFilter {
  override catch(error: WebhooksError, host: ArgumentsHost): void {
    const { code, message } = error;
    const statusCode = statusOf(code);
    const path = 'path' in error ? { path: error.path } : {};
    super.catch(new HttpException({ statusCode, code, message, ...path }, statusCode), host);
  }
}

function statusOf(code: string): HttpStatus {
  if (code === 'DATABASE_BUSY') return HttpStatus.SERVICE_UNAVAILABLE;
  if (code.endsWith('_NOT_FOUND')) return HttpStatus.NOT_FOUND;
  return code.endsWith('_CONFLICT') ? HttpStatus.CONFLICT : HttpStatus.UNPROCESSABLE_ENTITY;
}
