import type {
  Preview,
  PreviewedRequest,
  PreviewInput,
  PreviewProblem,
  PreviewResult,
  TestSend,
} from 'nestjs-webhooks';
import { flag, record, text, texts } from '../operations/fields.js';
import { modelOf } from '../operations/model.factory.js';
import { PREVIEW_INPUT } from '../subscriptions/subscription-input.model.js';

const LONG = { maxLength: 1_000_000 };
const NULL = { nullable: true };

/** Members of the body of a test send; the core judges the data. */
export const TRIAL_EVENT = {
  event_type: text('Name or alias of an event type that the subscription asks for.', { required: false }),
  data: record("The event's `data`. Left out: the event type's sample.", { required: false }),
};

/** For the OpenAPI document. */
export const PreviewInputModel = modelOf<PreviewInput>('PreviewInput', { ...PREVIEW_INPUT, ...TRIAL_EVENT });

const PreviewedRequestModel = modelOf<PreviewedRequest>('PreviewedRequest', {
  method: text('In capitals.'),
  url: text('Tokens in it are `********`.', LONG),
  headers: record('By lower-case names.', { additionalProperties: { type: 'string' } }),
  body: text('The exact text; null sends none.', { ...NULL, ...LONG }),
});

const PreviewProblemModel = modelOf<PreviewProblem>('PreviewProblem', {
  code: text('Stable.'),
  path: text('Where in the subscription.', LONG),
  message: text('What is wrong there.', LONG),
  suggestion: text('The nearest name that would have been right.', { required: false }),
});

const PreviewResultModel = modelOf<PreviewResult>('PreviewResult', {
  event_type: text('What the result is for.'),
  request: { model: PreviewedRequestModel, nullable: true },
  error: { model: PreviewProblemModel, nullable: true },
  passes_filter: flag('Whether the filter lets this event pass; null with an error.', NULL),
});

/** For the OpenAPI document. */
export const PreviewModel = modelOf<Preview>('Preview', {
  results: { models: PreviewResultModel },
  not_tried: texts('Event types for which there was no time: ask for each by `event_type`.'),
});

/** For the OpenAPI document. */
export const TestSendModel = modelOf<TestSend>('TestSend', {
  event_id: text('Also the `webhook-id` of the request.'),
  delivery_id: text('Where to look for what became of it.'),
});
