import { WebhooksError } from 'nestjs-webhooks';

/** A body is of a kind that the operation does not take; nothing was done. */
export class MediaTypeError extends WebhooksError {
  readonly code = 'UNSUPPORTED_MEDIA_TYPE';

  constructor(types: readonly string[]) {
    super(
      `The body is of a kind that is not taken: send ${types.join(' or ')}, and say so in "Content-Type".`,
    );
  }
}
