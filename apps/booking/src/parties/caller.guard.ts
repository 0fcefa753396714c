import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { Injectable, UnauthorizedException } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Agency } from './agency.entity.js';
import { Agent } from './agent.entity.js';
import type { Caller } from './caller.js';
import { Consumer } from './consumer.entity.js';

/** What this app reads of an HTTP request, on any platform, and what the guard notes on it. */
export interface CalledRequest {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  caller?: Caller;
}

function headerOf(request: CalledRequest, name: string): string | null {
  return request.headers[name]?.toString() ?? null;
}

/**
 * Stands where a real service authenticates: takes the caller from `x-consumer-id`, `x-agent-id` and
 * `x-session-id` as they are sent, and only checks that they belong together.
 */
@Injectable()
export class CallerGuard implements CanActivate {
  constructor(private readonly dataSource: DataSource) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<CalledRequest>();
    const consumerId = await this.consumerOf(request);
    const agentId = await this.agentOf(request, consumerId);
    request.caller = { consumerId, agentId, sessionId: headerOf(request, 'x-session-id') };
    return true;
  }

  private async consumerOf(request: CalledRequest): Promise<string> {
    const id = headerOf(request, 'x-consumer-id') ?? '';
    if (await this.dataSource.manager.existsBy(Consumer, { id })) return id;
    throw new UnauthorizedException('The header x-consumer-id must name a consumer.');
  }

  private async agentOf(request: CalledRequest, consumerId: string): Promise<string | null> {
    const id = headerOf(request, 'x-agent-id');
    if (id === null) return null;
    const agent = await this.dataSource.manager.findOneBy(Agent, { id });
    const sells =
      agent && (await this.dataSource.manager.existsBy(Agency, { id: agent.agencyId, consumerId }));
    if (sells) return id;
    throw new UnauthorizedException('The header x-agent-id must name an agent of this consumer.');
  }
}
