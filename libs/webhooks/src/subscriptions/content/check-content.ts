import type { EventType } from '../../catalog/event-type.js';
import { TemplateError } from '../../errors/template-error.js';
import { Canonical } from './canonical.js';
import { compileFilter } from './compile-filter.js';
import type { ContentFilter } from './content-filter.js';

/** What of an event a subscription asks for. */
export interface Content {
  readonly fields: readonly string[] | null;
  readonly filter: ContentFilter | null;
}

const DEPENDS_ON_TYPE = new Set(['TEMPLATE_UNKNOWN_FIELD', 'FILTER_TYPE_MISMATCH']);

/**
 * Judges a filter by every event type of the subscription, and replaces aliases in both.
 *
 * @param content its `fields` were judged together with the request
 * @throws TemplateError
 */
export function checkContent({ fields, filter }: Content, types: readonly EventType[]): Content {
  if (filter) forEachType(types, ({ schema }) => compileFilter(filter, schema));
  const canonical = new Canonical(types.map(({ schema }) => schema));
  return { fields: fields && canonical.fields(fields), filter: filter && canonical.filter(filter) };
}

/** Says which of several event types does not know a field. */
export function forEachType(types: readonly EventType[], check: (eventType: EventType) => void): void {
  for (const eventType of types) {
    try {
      check(eventType);
    } catch (error) {
      if (error instanceof TemplateError && DEPENDS_ON_TYPE.has(error.code)) {
        error.message += ` (event type ${eventType.name})`;
      }
      throw error;
    }
  }
}
