/** How processes tell each other that something is due: nobody has to wait for the next look. */
export abstract class WakeUp {
  /** Tells the others. Returns at once; many calls are one message, and a lost one costs only time. */
  abstract send(): void;

  /** Calls back whenever another process has told. */
  abstract listen(onWake: () => void): Promise<void>;

  abstract close(): Promise<void>;
}

/** One process, or a database that cannot carry messages: the regular look has to do. */
export class NoWakeUp extends WakeUp {
  send(): void {}

  async listen(): Promise<void> {}

  async close(): Promise<void> {}
}
