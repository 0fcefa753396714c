import { ModulesContainer } from '@nestjs/core';
import type { Host } from './host.js';

/**
 * A part of the module that is not exported, as it runs in a host: for tests that stop the engine between two steps, break it
 * on purpose, or explain the very statements that it uses.
 */
export function partOf<T>(host: Host, name: string): T {
  for (const module of host.get(ModulesContainer).values()) {
    for (const [token, { instance }] of module.providers) {
      if (typeof token === 'function' && token.name === name && instance) return instance as T;
    }
  }
  throw new Error(`The host has no ${name}`);
}
