import type { ExecutionContext } from '@nestjs/common';
import { Injectable } from '@nestjs/common';
import { WebhooksAccess, type WebhooksCaller } from '@nestjs-webhooks/api';
import { CallerGuard, type CalledRequest } from '../parties/caller.guard.js';

/** Whoever may call the booking API may manage the webhooks of his company, and erases nothing. */
@Injectable()
export class BookingAccess extends WebhooksAccess {
  override readonly scheme = { type: 'apiKey', in: 'header', name: 'x-consumer-id' } as const;

  constructor(private readonly callers: CallerGuard) {
    super();
  }

  async identify(context: ExecutionContext): Promise<WebhooksCaller> {
    await this.callers.canActivate(context);
    const { consumerId, agentId } = context.switchToHttp().getRequest<CalledRequest>().caller!;
    return { tenant: consumerId, actor: agentId ?? undefined, can: (action) => action !== 'erase' };
  }
}
