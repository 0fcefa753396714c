import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { ApiRequest } from '../operations/api-call.js';
import { OPERATION_ACTION } from '../operations/operation.decorator.js';
import { AccessInvalidError } from '../problems/access-invalid-error.js';
import { ForbiddenError } from '../problems/forbidden-error.js';
import { UnauthenticatedError } from '../problems/unauthenticated-error.js';
import { isCallerTenant } from './caller-tenant.js';
import { WebhooksAccess, type WebhooksAction, type WebhooksCaller } from './webhooks-access.js';

/** Lets in whom the {@link WebhooksAccess} knows, for what he may do. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly access: WebhooksAccess,
    private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const caller = await this.access.identify(context);
    if (!caller) throw new UnauthenticatedError();
    if (!isCallerTenant(caller.tenant)) {
      const given = JSON.stringify(caller.tenant) ?? 'undefined';
      throw new AccessInvalidError(
        `WebhooksAccess.identify() gave a caller of the tenant ${given}: name his tenant; null makes him an operator.`,
      );
    }
    const action = this.reflector.get<WebhooksAction>(OPERATION_ACTION, context.getHandler());
    if (!allowed(caller, action))
      throw new ForbiddenError(`You may not "${action}" here: ask whoever gave you access.`);
    context.switchToHttp().getRequest<ApiRequest>().webhooksCaller = caller;
    return true;
  }
}

function allowed(caller: WebhooksCaller, action: WebhooksAction): boolean {
  const answer: unknown = caller.can(action);
  if (!(answer instanceof Promise)) return answer === true;
  // It may reject later, when nobody listens any more.
  answer.catch(() => undefined);
  const way = 'find out what he may do in identify(), which may take its time.';
  throw new AccessInvalidError(
    `The caller's can("${action}") gave a promise, and must answer at once: ${way}`,
  );
}
