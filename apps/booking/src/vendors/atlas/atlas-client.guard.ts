import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { createParamDecorator, Injectable, UnauthorizedException } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { CalledRequest } from '../../parties/caller.guard.js';
import { AtlasClient } from './atlas-client.entity.js';
import { isSecret } from './atlas-secret.js';

interface AtlasRequest extends CalledRequest {
  atlasClient?: AtlasClient;
}

/** Lets in whoever sends Atlas' two headers, `x-atlas-client-id` and `x-atlas-client-secret`, as a client has them. */
@Injectable()
export class AtlasClientGuard implements CanActivate {
  constructor(private readonly dataSource: DataSource) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<AtlasRequest>();
    const cid = String(request.headers['x-atlas-client-id'] ?? '');
    const secret = String(request.headers['x-atlas-client-secret'] ?? '');
    const client = await this.dataSource.manager.findOneBy(AtlasClient, { cid });
    if (!isSecret(secret, client?.secretHash ?? null) || !client) {
      throw new UnauthorizedException('There is no such client, or it has another secret.');
    }
    request.atlasClient = client;
    return true;
  }
}

/** The client whom {@link AtlasClientGuard} let in. */
export const CurrentAtlasClient = createParamDecorator(
  (_: unknown, context: ExecutionContext): AtlasClient => {
    const { atlasClient } = context.switchToHttp().getRequest<AtlasRequest>();
    if (atlasClient) return atlasClient;
    throw new UnauthorizedException('This route needs a client.');
  },
);
