import { WebhooksError } from '../../src/errors/webhooks-error.js';

/** Nothing can be verified, because the exact bytes of the body were not kept. */
export class RawBodyMissingError extends WebhooksError {
  readonly code = 'RAW_BODY_MISSING';

  constructor(contentType: string) {
    super(
      `The bytes of the body were not kept, and a signature can be verified over nothing else. Create the application ` +
        `with "NestFactory.create(AppModule, { rawBody: true })". If that is done, no parser reads "${contentType}": ` +
        `add one, "app.useBodyParser('text', { type: '${contentType}' })" on Express, ` +
        `"app.useBodyParser('${contentType}')" on Fastify.`,
    );
  }
}
