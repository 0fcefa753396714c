import type { SubscriptionInput, SubscriptionPatch } from 'nestjs-webhooks';
import { oneOf, record, text, texts, whole } from '../operations/fields.js';
import { modelOf, type Members } from '../operations/model.factory.js';

const NULL = { required: false, nullable: true };
const LEFT_OUT = { required: false };

/** What creating and changing have in common. */
const FIELDS = {
  uid: text("The caller's own key, unique within the tenant.", { ...NULL, maxLength: 200 }),
  event_types: texts('Names, aliases and wildcards (`Order*`, `*`). Left out: every event type.', LEFT_OUT),
  http_request: record(
    '`{ method?, url, header?, json_body? }`, with placeholders. Either this, or `url`.',
    LEFT_OUT,
  ),
  url: text('Where to: short for an `http_request` whose body is the whole event.', {
    ...LEFT_OUT,
    maxLength: 2_000,
  }),
  method: text('Beside `url`.', LEFT_OUT),
  headers: record('Beside `url`.', LEFT_OUT),
  template_secrets: record('Values for `{{ secrets.NAME }}`. Stored encrypted, never shown.', NULL),
  authentication: record('`{ type: basic | bearer | header, … }`. Stored encrypted, never shown.', NULL),
  signatures: texts('`v1`, `v1a` or both.', {
    ...NULL,
    items: { type: 'string', enum: ['v1', 'v1a'] },
    maxItems: 2,
  }),
  fields: texts("Paths that limit the standard body's `data`.", NULL),
  filter: record('Which events, by their content.', NULL),
  ordering: oneOf(['subject'], 'One event of a subject after the other.', NULL),
  description: text('For people.', { ...NULL, maxLength: 2_000 }),
  metadata: record("The caller's own: at most 50 keys.", NULL),
  limits: record('`concurrency`, `rate: { limit, per }`, `retry_schedule`, in seconds.', NULL),
};

const INPUT: Members<SubscriptionInput> = {
  ...FIELDS,
  tenant: text('Whose it is, if an operator makes it.', { ...LEFT_OUT, maxLength: 200 }),
  secret: text('A signing secret of your own, `whsec_…`. Left out: a new one.', LEFT_OUT),
  state: oneOf(['enabled', 'paused', 'disabled'], 'How it begins.', { ...LEFT_OUT, default: 'enabled' }),
};

/** For the OpenAPI document. */
export const SubscriptionInputModel = modelOf<SubscriptionInput>('SubscriptionInput', INPUT);

/** For the OpenAPI document. */
export const SubscriptionPatchModel = modelOf<SubscriptionPatch>('SubscriptionPatch', {
  ...FIELDS,
  version: whole('The version that the change was made for; or send `If-Match`.', LEFT_OUT),
});

/** The members of a preview beside those of the event. */
export const PREVIEW_INPUT = INPUT;
