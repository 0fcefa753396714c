import { randomUUID } from 'node:crypto';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../src/internal/clock.js';
import { RECEIVER_SETTINGS } from '../webhook-receiver.module-definition.js';
import type { ReceiverSettings } from '../webhook-receiver.options.js';
import type { ClaimOutcome } from './replay-store.js';
import { RunningClaim } from './running-claim.js';

/** The module's replay memory: claims in the configured store. */
@Injectable()
export class ReplayMemory {
  private readonly logger = new Logger('WebhookReceiver');

  constructor(
    @Inject(RECEIVER_SETTINGS) private readonly settings: ReceiverSettings,
    private readonly clock: Clock,
  ) {}

  /** False: the host switched it off. */
  get isOn(): boolean {
    return this.settings.replay !== null;
  }

  /** Rejects when the store cannot work. */
  async open(): Promise<void> {
    await this.settings.replay?.store.open();
  }

  /** The right to handle the message, or why not. */
  async claim(scope: string, id: string): Promise<RunningClaim | Exclude<ClaimOutcome, { state: 'taken' }>> {
    const { store, claimFor, rememberFor } = this.settings.replay!;
    const claim = { scope, id, token: randomUUID() };
    const outcome = await store.claim(claim, claimFor);
    if (outcome.state !== 'taken') return outcome;
    const warn = (problem: string): void => this.logger.warn(`${scope}: webhook "${id}" ${problem}`);
    return new RunningClaim(store, claim, {
      leaseMs: claimFor,
      rememberMs: rememberFor,
      clock: this.clock,
      warn,
    });
  }
}
