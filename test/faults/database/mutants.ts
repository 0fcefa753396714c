import { partOf } from '../../support/internals.js';
import type { Break, FaultyHost } from './database-scene.js';

interface Sweeper {
  look(): Promise<unknown>;
  stop(): Promise<void>;
}

interface Settler {
  putBack(pieces: readonly object[], error: unknown): Promise<void>;
  listener: { failed(error: unknown, waiting: number): void };
}

interface Dispatcher {
  readonly sweeper: Sweeper;
  readonly engine: { readonly settler: Settler; readonly sender: { runsOut(): boolean } };
}

const dispatcherOf = (host: FaultyHost): Dispatcher => partOf<Dispatcher>(host, 'Dispatcher');

/** A look that fails is the last one. */
export const looksNoMoreAfterAFailure: Break = (host) => {
  const { sweeper } = dispatcherOf(host);
  const look = sweeper.look.bind(sweeper);
  sweeper.look = () =>
    look().catch((error: unknown) => {
      void sweeper.stop();
      throw error;
    });
};

/** Outcomes that could not be recorded are forgotten. */
export const forgetsWhatWasNotRecorded: Break = (host) => {
  const { settler } = dispatcherOf(host).engine;
  settler.putBack = async (_pieces, error) => settler.listener.failed(error, 0);
};

/** However long ago the lease was taken, it is believed. */
export const neverRenewsALease: Break = (host) => {
  dispatcherOf(host).engine.sender.runsOut = () => false;
};
