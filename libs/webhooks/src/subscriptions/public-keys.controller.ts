import type { Type } from '@nestjs/common';
import { Controller, Get, Header, NotFoundException, Param } from '@nestjs/common';
import { SubscriptionNotFoundError } from '../errors/subscription-not-found-error.js';
import { SecretsService, type PublicKey } from './secrets.service.js';

/** Answers `GET <path>/<subscription id>` with the public keys of a subscription: they are no secret. */
export function publicKeysController(path: string): Type {
  @Controller(path)
  class PublicKeysController {
    constructor(private readonly secrets: SecretsService) {}

    @Get(':id')
    @Header('cache-control', 'public, max-age=300')
    async list(@Param('id') id: string): Promise<{ readonly keys: readonly PublicKey[] }> {
      try {
        return { keys: await this.secrets.publicKeys(id) };
      } catch (error) {
        if (error instanceof SubscriptionNotFoundError) throw new NotFoundException();
        throw error;
      }
    }
  }
  return PublicKeysController;
}
