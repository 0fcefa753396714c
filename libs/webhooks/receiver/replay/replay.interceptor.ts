import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { Observable } from 'rxjs';
import { from, lastValueFrom, of } from 'rxjs';
import { WebhookRefusedException } from '../errors/webhook-refused.exception.js';
import { verifiedMessageOf } from '../verified-message.js';
import { keepClaim } from './claimed-webhooks.js';
import { ReplayMemory } from './replay.memory.js';
import { RunningClaim } from './running-claim.js';

interface Answer {
  readonly statusCode: number;
}

/**
 * Lets a handler see each message once. It works around the handler and not in the guard, so that whatever else stands
 * between them (other guards, pipes) can refuse a message without using it up.
 */
@Injectable()
export class ReplayInterceptor implements NestInterceptor {
  constructor(
    private readonly memory: ReplayMemory,
    private readonly host: HttpAdapterHost,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    if (!this.memory.isOn) return next.handle();
    const http = context.switchToHttp();
    const { webhook, scope } = verifiedMessageOf(http.getRequest<object>())!;
    const claim = await this.memory.claim(scope, webhook.id);
    if (claim instanceof RunningClaim) {
      keepClaim(webhook, claim);
      return from(handle(claim, next, http.getResponse<Answer>()));
    }
    const response: unknown = http.getResponse();
    if (claim.state === 'done') {
      this.host.httpAdapter.setHeader(response, 'webhook-duplicate', 'true');
      return of(undefined);
    }
    const seconds = Math.max(1, Math.ceil(claim.endsInMs / 1_000));
    this.host.httpAdapter.setHeader(response, 'retry-after', String(seconds));
    throw new WebhookRefusedException('WEBHOOK_IN_PROGRESS');
  }
}

// A promise, not a chain of operators: a sender that hangs up must not leave the message half handled.
async function handle(claim: RunningClaim, next: CallHandler, response: Answer): Promise<unknown> {
  let result: unknown;
  try {
    result = await lastValueFrom(next.handle(), { defaultValue: undefined });
  } catch (error) {
    await claim.release();
    throw error;
  }
  const hasSucceeded = response.statusCode >= 200 && response.statusCode < 300;
  await (hasSucceeded ? claim.complete() : claim.release());
  return result;
}
