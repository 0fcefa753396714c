import type { OnModuleInit, Type } from '@nestjs/common';
import { Injectable } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { ReceiverOptionsError } from '../errors/receiver-options-error.js';
import { ReplayMemory } from '../replay/replay.memory.js';
import { answersItself } from './answers-itself.js';
import type { Handler } from './route.registry.js';
import { RouteRegistry } from './route.registry.js';
import { VerifiedWebhookAccessor } from './verified-webhook.accessor.js';

/** Finds the routes that receive webhooks before the first request does: what cannot work fails the boot. */
@Injectable()
export class ReceiverExplorer implements OnModuleInit {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly accessor: VerifiedWebhookAccessor,
    private readonly routes: RouteRegistry,
    private readonly memory: ReplayMemory,
  ) {}

  async onModuleInit(): Promise<void> {
    for (const { metatype } of this.discovery.getControllers()) if (metatype) this.explore(metatype as Type);
    await this.memory.open();
  }

  private explore(type: Type): void {
    const prototype = type.prototype as Record<string, Handler>;
    for (const method of this.scanner.getAllMethodNames(prototype)) {
      const options = this.accessor.optionsOf(prototype[method]!);
      if (!options) continue;
      this.routes.add(type, method, options);
      if (!this.memory.isOn || !answersItself(type, method)) continue;
      throw new ReceiverOptionsError(
        `${type.name}.${method}`,
        'answers through @Res() or @Next(), so nobody would answer a duplicate: inject the response with ' +
          '"@Res({ passthrough: true })" and return the answer',
      );
    }
  }
}
