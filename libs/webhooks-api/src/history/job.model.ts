import type { JobView } from 'nestjs-webhooks';
import { flag, oneOf, text, texts, time, whole } from '../operations/fields.js';
import { modelOf, pageOf } from '../operations/model.factory.js';

const NULL = { nullable: true };

/** For the OpenAPI document. */
export const JobModel = modelOf<JobView>('Job', {
  id: text('`job_…`'),
  kind: oneOf(['recover', 'replay'], 'What failed again; or everything that matches.'),
  subscription_id: text('To whom.'),
  tenant: text('Whose the subscription is.'),
  state: oneOf(
    ['pending', 'running', 'done', 'failed', 'canceled'],
    'Open: pending, running. Over: the others.',
  ),
  since: time('Events from then on'),
  until: time('up to and including then.'),
  event_types: texts('Only these; null: all that the subscription asks for.', NULL),
  dry_run: flag('Counts, and sends nothing.'),
  reached: time('Everything up to then has been looked at; null before the beginning.', NULL),
  matched: whole('Events found so far that are to be sent.'),
  succeeded: whole('Of these, arrived.'),
  failed: whole('Of these, tried without success: they go on by their schedule.'),
  canceled: whole('Of these, given up.'),
  rate: { type: 'number', description: 'Events a second since the beginning.' },
  error: text('Why it ended before its end.', NULL),
  created_at: time('When it was asked for.'),
  started_at: time('When it began.', NULL),
  finished_at: time('When it was over.', NULL),
});

/** For the OpenAPI document. */
export const JobPageModel = pageOf(JobModel);
