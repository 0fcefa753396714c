import { connect } from 'node:net';

/** Knows how much has arrived at the receiver, so that a publisher can keep the number under way steady. */
export class Progress {
  #received = 0;
  #base = 0;
  #waiting = [];
  #socket;

  static async connect(port) {
    const progress = new Progress();
    progress.#socket = connect(port, '127.0.0.1');
    progress.#socket.on('data', (chunk) => progress.#update(chunk.toString('latin1')));
    await new Promise((resolve, reject) => progress.#socket.once('connect', resolve).once('error', reject));
    return progress;
  }

  /** Counts from here on. */
  start() {
    this.#base = this.#received;
  }

  get received() {
    return this.#received - this.#base;
  }

  /** Resolves with the next news. */
  news() {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  close() {
    this.#socket.destroy();
  }

  #update(lines) {
    this.#received = Number(lines.trimEnd().split('\n').at(-1));
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
