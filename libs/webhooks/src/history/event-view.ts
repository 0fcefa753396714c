import type { DeliveryView } from './delivery-view.js';

/** An event as it may be shown. */
export interface EventView {
  readonly id: string;
  readonly type: string;
  /** `*`: it is for all tenants. */
  readonly tenant: string;
  readonly subject: string | null;
  /** Gap-free number within the subject, from 1; null without a subject. */
  readonly sequence: number | null;
  readonly catalog_version: number;
  /** ISO 8601. */
  readonly occurred_at: string;
  /** ISO 8601; when it was published, by the clock of the process that did: `since` and `until` of a list mean this. */
  readonly published_at: string;
  /** The event's own fields as they are stored; null after it was expunged, or when others damaged the row. */
  readonly data: Readonly<Record<string, unknown>> | null;
  /** ISO 8601; when its payload was removed. Null: it is there. */
  readonly expunged_at: string | null;
}

/** An event and what became of it. */
export interface EventDetail extends EventView {
  /** At most 250 of them, newest first; `DeliveriesService.list({ event })` goes through more. */
  readonly deliveries: readonly DeliveryView[];
}

/** A page of events. */
export interface EventPage {
  readonly items: readonly EventView[];
  /** Cursor of the next page. Null: this is the last one; never null in the order of commits, where more may come. */
  readonly next: string | null;
}
