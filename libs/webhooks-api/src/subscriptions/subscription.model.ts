import type { CreatedSubscription, SecretView, SubscriptionView } from 'nestjs-webhooks';
import { oneOf, record, text, texts, time, whole } from '../operations/fields.js';
import { modelOf, pageOf, type Members } from '../operations/model.factory.js';

const LONG = { maxLength: 100_000 };
const NULL = { nullable: true };

const SecretModel = modelOf<SecretView>('SigningSecret', {
  id: text('Names it.'),
  masked: text('`whsec_****` and its last characters, or `whsk_****`.'),
  public_key: text('`whpk_…` of a private key; null for a shared secret.', NULL),
  created_at: time('Since when it signs.'),
  not_after: time('Until when it signs; null: it stays.', NULL),
});

const SubscriptionProblemModel = modelOf<{ code: string; message: string }>('SubscriptionProblem', {
  code: text('Stable.'),
  message: text('What to do.', LONG),
});

const SUBSCRIPTION: Members<SubscriptionView> = {
  id: text('`sub_…`'),
  tenant: text('Whose it is.'),
  uid: text("The caller's own key.", NULL),
  state: oneOf(['enabled', 'paused', 'disabled'], 'Paused: deliveries wait. Disabled: none are made.'),
  state_reason: text('Why it is in this state; null for `enabled`.', NULL),
  event_types: texts('Names and wildcards.'),
  http_request: record('The request that is sent; secrets are `********`.'),
  template_secrets: record('Names of what `{{ secrets.NAME }}` reads, each with `********`.', {
    additionalProperties: { type: 'string' },
  }),
  authentication: record('How requests log in; the secret is `********`.', NULL),
  signatures: texts('`v1`, `v1a` or both.'),
  fields: texts("Paths that limit the standard body's `data`; null: every field.", NULL),
  filter: record('Which events, by their content; null: every one.', NULL),
  ordering: oneOf(['subject'], 'One event of a subject after the other; null: as they come.', NULL),
  secrets: { models: SecretModel, description: 'The signing secrets, masked.' },
  description: text('For people.', { ...NULL, ...LONG }),
  metadata: record("The caller's own.", { additionalProperties: { type: 'string' } }),
  limits: record('`concurrency`, `rate`, `retry_schedule`.'),
  problem: {
    model: SubscriptionProblemModel,
    nullable: true,
    description: 'Why nothing can be sent. Usually null.',
  },
  version: whole('Grows with every change; also the `ETag`.'),
  created_at: time('When it was made.'),
  updated_at: time('When it was changed last.'),
};

/** For the OpenAPI document. */
export const SubscriptionModel = modelOf<SubscriptionView>('Subscription', SUBSCRIPTION);

/** For the OpenAPI document. */
export const SubscriptionPageModel = pageOf(SubscriptionModel);

/** For the OpenAPI document. */
export const CreatedSubscriptionModel = modelOf<CreatedSubscription>('SubscriptionWithSecret', {
  ...SUBSCRIPTION,
  secret: text('The signing secret in clear: this once.'),
});
