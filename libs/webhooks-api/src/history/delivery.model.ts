import type {
  AttemptView,
  DeliveryDetail,
  DeliveryState,
  DeliveryView,
  ReceivedResponse,
  SentRequest,
} from 'nestjs-webhooks';
import { flag, oneOf, record, text, time, whole } from '../operations/fields.js';
import { modelOf, pageOf, type Members } from '../operations/model.factory.js';

const LONG = { maxLength: 1_000_000 };
const NULL = { nullable: true };
const HEADERS = { additionalProperties: { type: 'string' } };

const STATES: Readonly<Record<DeliveryState, true>> = {
  ...{ pending: true, held: true, waiting: true },
  ...{ succeeded: true, exhausted: true, failed: true, canceled: true },
};

/** What a delivery can be. */
export const DELIVERY_STATES = Object.keys(STATES);

const DELIVERY: Members<DeliveryView> = {
  id: text('`dlv_…`'),
  event_id: text('Of what it tells; also its `webhook-id`.'),
  subscription_id: text('To whom.'),
  tenant: text('Whose the subscription is.'),
  test: flag('Sent as a test, and of no event that happened.'),
  state: oneOf(DELIVERY_STATES, 'Open: pending, held, waiting. Over: the others.'),
  attempts: whole('Made so far.'),
  last_status: whole('HTTP status of the last attempt; null: no answer.', NULL),
  last_error: text('Code of the last error; null: none.', NULL),
  created_at: time('When it was made.'),
  updated_at: time('When it last changed.'),
  next_attempt_at: time('When it is tried next; null: nothing is planned.', NULL),
};

const SentRequestModel = modelOf<SentRequest>('SentRequest', {
  method: text('In capitals.'),
  url: text('Tokens in it are `********`.', LONG),
  headers: record('Secrets are `********`.', HEADERS),
});

const ReceivedResponseModel = modelOf<ReceivedResponse>('ReceivedResponse', {
  headers: record('Some of them.', HEADERS),
  body: text('Its beginning.', LONG),
});

const AttemptModel = modelOf<AttemptView>('Attempt', {
  number: whole('1 is the first.'),
  started_at: time('When it began.'),
  duration_ms: whole('Milliseconds; null where a subscriber may not learn it.', NULL),
  status: whole('HTTP status; null: no answer.', NULL),
  error: text('Why it was no success; null: it was.', NULL),
  detail: text('For operators: more of it.', { ...NULL, ...LONG }),
  request: { model: SentRequestModel, nullable: true, description: 'As it was sent.' },
  response: { model: ReceivedResponseModel, nullable: true, description: 'What came back.' },
});

/** For the OpenAPI document. */
export const DeliveryModel = modelOf<DeliveryView>('Delivery', DELIVERY);

/** For the OpenAPI document. */
export const DeliveryPageModel = pageOf(DeliveryModel);

/** For the OpenAPI document. */
export const DeliveryDetailModel = modelOf<DeliveryDetail>('DeliveryDetail', {
  ...DELIVERY,
  body: text('What its attempts send; `********`: it holds secrets. Null: there is none.', {
    ...NULL,
    ...LONG,
  }),
  attempt_log: { models: AttemptModel, description: 'The latest 250 attempts, oldest first.' },
});
