import type { TransportErrorCode } from './transport-errors.js';

/** An exchange that failed for a known reason; lives inside the transport only. */
export class TransportFault extends Error {
  constructor(
    readonly code: TransportErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = 'TransportFault';
  }
}
