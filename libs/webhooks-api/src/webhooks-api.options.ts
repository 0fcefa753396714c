import type { DynamicModule, FactoryProvider, Type } from '@nestjs/common';
import type { WebhooksAccess } from './access/webhooks-access.js';

/** What makes the {@link WebhooksAccess} out of what the application has. */
export type AccessFactory = Pick<FactoryProvider<WebhooksAccess>, 'inject' | 'useFactory'>;

/** What `WebhooksApiModule.register()` takes. */
export interface WebhooksApiOptions extends Pick<DynamicModule, 'imports'> {
  /**
   * Where the API is, below the application's global prefix.
   * @default 'webhooks'
   */
  readonly path?: string;
  /** Who may use it: an instance, a class whose dependencies `imports` has, or a factory. There is no default. */
  readonly access: WebhooksAccess | Type<WebhooksAccess> | AccessFactory;
}
