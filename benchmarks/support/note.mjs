const QUIET_MS = 10_000;

/** Says what is being measured: one line that changes in a terminal, now and then a line of its own elsewhere. */
export class Note {
  #startedAt = performance.now();
  #saidAt = -Infinity;

  say(text) {
    const line = `${Math.round(this.seconds)} s  ${text}`;
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${line}`);
    else if (performance.now() - this.#saidAt > QUIET_MS) {
      this.#saidAt = performance.now();
      process.stderr.write(`${line}\n`);
    }
  }

  clear() {
    if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  }

  /** Since the beginning. */
  get seconds() {
    return (performance.now() - this.#startedAt) / 1000;
  }
}
