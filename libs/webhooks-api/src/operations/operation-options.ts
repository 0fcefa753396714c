import type { Type } from '@nestjs/common';
import type { WebhooksAction } from '../access/webhooks-access.js';
import type { Field, Fields } from './fields.js';

/** One operation of the API, as it is documented, checked and answered. */
export interface OperationOptions {
  /** `operationId`: the name of its function in generated clients. */
  readonly id: string;
  readonly action: WebhooksAction;
  readonly summary: string;
  readonly description?: string;
  /** Its parameters; others are refused. */
  readonly query?: Fields;
  /** The members of its body, others are refused; or its model, when the core judges it. */
  readonly body?: Fields | Type<object>;
  /** @default ['application/json'] */
  readonly bodyTypes?: readonly string[];
  /** @default 200 */
  readonly status?: number;
  /** Its model, or its look; left out: nothing. */
  readonly answer?: Type<object> | Field;
  /** Headers of the answer, and what they say. */
  readonly answerHeaders?: Readonly<Record<string, string>>;
  /** Statuses of its problems, beside those that every operation has. */
  readonly problems?: readonly number[];
}
