import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { ApiRequest } from '../operations/api-call.js';
import { OPERATION_ACTION } from '../operations/operation.decorator.js';
import { AccessInvalidError } from '../problems/access-invalid-error.js';
import { ForbiddenError } from '../problems/forbidden-error.js';
import { UnauthenticatedError } from '../problems/unauthenticated-error.js';
import { isCallerTenant } from './caller-tenant.js';
import { WebhooksAccess, type WebhooksAction } from './webhooks-access.js';

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
    // A promise is truthy, whatever becomes of it.
    if (caller.can(action) !== true)
      throw new ForbiddenError(`You may not "${action}" here: ask whoever gave you access.`);
    context.switchToHttp().getRequest<ApiRequest>().webhooksCaller = caller;
    return true;
  }
}
