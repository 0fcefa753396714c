import type { ReceivedRequest } from './received-request.js';

/** A number of requests, or a condition on all that arrived so far. */
export type Expectation = number | ((requests: readonly ReceivedRequest[]) => boolean);

interface Waiter {
  check(): void;
}

/** Requests in the order of their arrival, and who waits for them. */
export class RequestLog {
  readonly #requests: ReceivedRequest[] = [];
  readonly #waiters = new Set<Waiter>();

  get requests(): readonly ReceivedRequest[] {
    return this.#requests;
  }

  /** Adds a request and wakes whom it satisfies. */
  add(request: ReceivedRequest): void {
    this.#requests.push(request);
    for (const waiter of [...this.#waiters]) waiter.check();
  }

  /** Forgets what arrived; who waits goes on waiting. */
  clear(): void {
    this.#requests.length = 0;
  }

  /** Resolves with all requests as soon as the expectation holds; rejects after `timeoutMs` with what did arrive. */
  waitFor(expectation: Expectation, timeoutMs: number): Promise<readonly ReceivedRequest[]> {
    const holds =
      typeof expectation === 'number'
        ? () => this.#requests.length >= expectation
        : () => expectation(this.#requests);
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        check: () => {
          try {
            if (!holds()) return;
            resolve([...this.#requests]);
          } catch (error) {
            reject(error as Error);
          }
          clearTimeout(timer);
          this.#waiters.delete(waiter);
        },
      };
      const timer = setTimeout(() => {
        this.#waiters.delete(waiter);
        reject(new Error(this.#missed(expectation, timeoutMs)));
      }, timeoutMs);
      this.#waiters.add(waiter);
      waiter.check();
    });
  }

  #missed(expectation: Expectation, timeoutMs: number): string {
    const wanted = typeof expectation === 'number' ? `${expectation} request(s)` : 'the expected requests';
    const arrived = this.#requests.map(({ method, path }) => `${method} ${path}`).join(', ');
    return `Waited ${timeoutMs} ms for ${wanted}; ${this.#requests.length} arrived${arrived && `: ${arrived}`}`;
  }
}
