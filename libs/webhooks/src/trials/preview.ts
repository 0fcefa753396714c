import type { TemplateErrorCode } from '../errors/template-error.js';
import type { SubscriptionInput } from '../subscriptions/subscription-input.js';

/** What of an event is chosen for a trial. */
export interface TrialEvent {
  /** Name or alias of an event type that the subscription asks for. */
  readonly event_type?: string;
  /** The event's `data`, valid by the event type's schema. @default the event type's sample */
  readonly data?: Readonly<Record<string, unknown>>;
}

/**
 * A subscription that need not exist, and an event for it. Without an `event_type` every one that the subscription asks for is
 * tried; `data` need to say which they are of. They may be those of a webhook that was received, envelope fields and all: the
 * preview is of that very event then.
 */
export interface PreviewInput extends SubscriptionInput, TrialEvent {}

/** A request as it would be sent, with `********` in the place of secrets. */
export interface PreviewedRequest {
  readonly method: string;
  readonly url: string;
  /** By lower-case names. The HTTP client adds what belongs to the connection: `host`, `content-length`. */
  readonly headers: Readonly<Record<string, string>>;
  /** The exact text; null sends none. */
  readonly body: string | null;
}

/** Why nothing could be sent. */
export interface PreviewProblem {
  readonly code: TemplateErrorCode;
  /** `url`, `header.X-Foo`, `json_body.items[0].name`, `fields[1]`, `filter.total.$gt`. */
  readonly path: string;
  readonly message: string;
  /** The nearest name that would have been right. */
  readonly suggestion?: string;
}

/** What became of one event type: either a request or an error. */
export interface PreviewResult {
  readonly event_type: string;
  readonly request: PreviewedRequest | null;
  readonly error: PreviewProblem | null;
  /** Whether the filter lets this event pass; null with an error. */
  readonly passes_filter: boolean | null;
}

/** What would be sent. */
export interface Preview {
  readonly results: readonly PreviewResult[];
  /** Event types for which there was no time: ask for each by `event_type`. */
  readonly not_tried: readonly string[];
}
