import { WebhooksError } from 'nestjs-webhooks';

/** `If-Match` names another version than the stored one; nothing was changed. */
export class VersionConflictError extends WebhooksError {
  readonly code = 'VERSION_CONFLICT';

  constructor(version: number) {
    super(`It has version "${version}" by now: read it again and repeat the change.`);
  }
}
