import type { ChangeAction, ChangeView } from 'nestjs-webhooks';
import { oneOf, record, text, time, whole } from '../operations/fields.js';
import { modelOf, pageOf } from '../operations/model.factory.js';

const ACTIONS: Readonly<Record<ChangeAction, true>> = {
  ...{ create: true, update: true, rotate: true, delete: true },
  ...{ enable: true, disable: true, pause: true, resume: true },
};

const NULL = { nullable: true };

const ChangeModel = modelOf<ChangeView>('Change', {
  subscription_id: text('What was changed.'),
  version: whole('The version of the subscription that it made.'),
  tenant: text('Whose the subscription is.'),
  at: time('When.'),
  actor: text('Who; `webhooks`: the application itself.', NULL),
  action: oneOf(Object.keys(ACTIONS), 'What was done.'),
  reason: text('Why.', NULL),
  what: record('`{ before, after }` by the path of the member; secrets are `********`.'),
});

/** For the OpenAPI document. */
export const ChangePageModel = pageOf(ChangeModel);
