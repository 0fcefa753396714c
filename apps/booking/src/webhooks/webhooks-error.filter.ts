import type { ArgumentsHost } from '@nestjs/common';
import { Catch, HttpException, HttpStatus } from '@nestjs/common';
import { BaseExceptionFilter } from '@nestjs/core';
import { SubscriptionInvalidError, TemplateError, WebhooksError } from 'nestjs-webhooks';

/** Answers what the library refuses with its `code` and `message`, and where in the request it is: `path`, `issues`. */
@Catch(WebhooksError)
export class WebhooksErrorFilter extends BaseExceptionFilter {
  override catch(error: WebhooksError, host: ArgumentsHost): void {
    const { code, message } = error;
    const statusCode = statusOf(code);
    const where = error instanceof TemplateError ? { path: error.path } : {};
    const issues = error instanceof SubscriptionInvalidError ? { issues: error.issues } : {};
    super.catch(new HttpException({ statusCode, code, message, ...where, ...issues }, statusCode), host);
  }
}

function statusOf(code: string): HttpStatus {
  if (code === 'DATABASE_BUSY') return HttpStatus.SERVICE_UNAVAILABLE;
  if (code.endsWith('_NOT_FOUND')) return HttpStatus.NOT_FOUND;
  return code.endsWith('_CONFLICT') ? HttpStatus.CONFLICT : HttpStatus.UNPROCESSABLE_ENTITY;
}
