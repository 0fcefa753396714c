import type { DeliveryState } from '../dispatch/delivery.js';

/** A delivery as it may be shown. */
export interface DeliveryView {
  readonly id: string;
  readonly event_id: string;
  readonly subscription_id: string;
  readonly tenant: string;
  /** Sent by `TrialsService.send`, and of no event that happened. */
  readonly test: boolean;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly last_status: number | null;
  /** With a tenant in the scope: what a subscriber may learn, `UNREACHABLE` for every target that is not reached. */
  readonly last_error: string | null;
  /** ISO 8601. */
  readonly created_at: string;
  /** ISO 8601. */
  readonly updated_at: string;
  /** ISO 8601; while an attempt is under way: when another process takes over at the latest. Null: nothing is planned. */
  readonly next_attempt_at: string | null;
}

/** A page of deliveries, newest first. */
export interface DeliveryPage {
  readonly items: readonly DeliveryView[];
  /** Cursor of the next page. Null: this is the last one. */
  readonly next: string | null;
}

/** A request as it was sent: secrets are `********`. */
export interface SentRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What a receiver answered: headers by allow list, and the beginning of the body. */
export interface ReceivedResponse {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** One attempt as it may be shown. */
export interface AttemptView {
  /** 1 is the first. */
  readonly number: number;
  /** ISO 8601. */
  readonly started_at: string;
  /** Milliseconds. With a tenant in the scope: null for a target that was not reached. */
  readonly duration_ms: number | null;
  readonly status: number | null;
  /** With a tenant in the scope: `UNREACHABLE` for every target that is not reached. */
  readonly error: string | null;
  /** For operators only: null with a tenant in the scope. */
  readonly detail: string | null;
  /** Null: nothing was sent, or it was expunged. */
  readonly request: SentRequest | null;
  /** Null: there was no answer, or it was expunged. */
  readonly response: ReceivedResponse | null;
}

/** A delivery and its attempts. */
export interface DeliveryDetail extends DeliveryView {
  /**
   * What its attempts send. `********` stands for a body with secrets in it; null: there is none, none was made yet, or it was
   * expunged.
   */
  readonly body: string | null;
  /** The latest 250 of them, oldest first. */
  readonly attempt_log: readonly AttemptView[];
}
