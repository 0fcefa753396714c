import { Injectable } from '@nestjs/common';
import { ControlStore } from '../storage/control.store.js';
import { Dispatcher } from './dispatcher.service.js';

/** What operators and tests do to the dispatcher. */
@Injectable()
export class DispatchControl {
  constructor(
    private readonly dispatcher: Dispatcher,
    private readonly store: ControlStore,
  ) {}

  /** Sends everything that is due now and resolves when the outcomes are on record. */
  drain(): Promise<void> {
    return this.dispatcher.drain();
  }

  /** Stops or starts a scope in every process; this one knows at once. */
  async setStop(scope: string, stopped: boolean): Promise<void> {
    await this.store.setStop(scope, stopped);
    await this.dispatcher.learnStops();
  }
}
