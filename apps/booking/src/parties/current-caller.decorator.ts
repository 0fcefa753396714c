import type { ExecutionContext } from '@nestjs/common';
import { createParamDecorator, UnauthorizedException } from '@nestjs/common';
import type { CalledRequest } from './caller.guard.js';
import type { Caller } from './caller.js';

/** The caller whom {@link CallerGuard} let in. */
export const CurrentCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const { caller } = context.switchToHttp().getRequest<CalledRequest>();
  if (caller) return caller;
  throw new UnauthorizedException('This route needs a caller.');
});
