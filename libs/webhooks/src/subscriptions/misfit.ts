import { WebhooksError } from '../errors/webhooks-error.js';

/** Why a subscription cannot be sent for an event type. */
export class Misfit {
  /** The nearest name that the catalog has. */
  readonly suggestion: string | null;

  constructor(
    /** Its name, or the pattern for which there is none. */
    readonly eventType: string,
    readonly error: unknown,
    /** Where in the subscription it breaks. */
    readonly path = textOf(error, 'path') ?? '',
  ) {
    this.suggestion = textOf(error, 'suggestion');
  }

  /** For a log: without the error's message, which may quote a header of the template. */
  toString(): string {
    const hint = this.suggestion === null ? '' : `, did you mean "${this.suggestion}"?`;
    const reason =
      this.error instanceof WebhooksError ? `${this.error.code} at ${this.path}` : String(this.error);
    return `${this.eventType}: ${reason}${hint}`;
  }
}

function textOf(error: unknown, name: string): string | null {
  const value: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined;
  return typeof value === 'string' ? value : null;
}
