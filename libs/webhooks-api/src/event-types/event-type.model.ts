import type { Deprecation, EventField, EventType, JsonSchema } from 'nestjs-webhooks';
import { flag, record, text, texts, whole } from '../operations/fields.js';
import { modelOf, pageOf } from '../operations/model.factory.js';

/** An event type as subscribers see it. */
export interface EventTypeView {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly description: string;
  readonly version: number;
  readonly deprecated: DeprecationView | null;
  readonly fields: readonly EventFieldView[];
  readonly schema: JsonSchema;
  readonly sample: Readonly<Record<string, unknown>>;
}

interface DeprecationView {
  readonly since: string;
  readonly replaced_by: string | null;
}

/** One field of an event type. */
export interface EventFieldView extends Omit<EventField, 'deprecated'> {
  readonly deprecated: DeprecationView | null;
}

const DeprecationModel = modelOf<DeprecationView>('Deprecation', {
  since: text('Version or date from which on it should no longer be used.'),
  replaced_by: text('What to use instead.', { nullable: true }),
});

const EventFieldModel = modelOf<EventFieldView>('EventField', {
  name: text('As in `{{ name }}`.'),
  aliases: texts('Other names under which templates may read it.'),
  description: text('What the value means.', { maxLength: 10_000 }),
  deprecated: { model: DeprecationModel, nullable: true },
  nullable: flag('Null is one of its values.'),
  required: flag('It is present in every event.'),
  schema: record("As in the event type's schema; may refer to its `$defs`."),
});

/** For the OpenAPI document. */
export const EventTypeModel = modelOf<EventTypeView>('EventType', {
  name: text('How subscriptions ask for it.'),
  aliases: texts('Other names for the same.'),
  description: text('When it happens.', { maxLength: 10_000 }),
  version: whole('Version of the payload: `catalog_version`.'),
  deprecated: { model: DeprecationModel, nullable: true },
  fields: { models: EventFieldModel, description: 'The fields of its own, without the envelope.' },
  schema: record("JSON Schema 2020-12 of a webhook's `data`."),
  sample: record('`data` as they would arrive.'),
});

/** For the OpenAPI document. */
export const EventTypePage = pageOf(EventTypeModel);

/** What may be shown of an entry of the catalog. */
export function viewOfEventType(type: EventType): EventTypeView {
  const { name, aliases, description, version, schema, sample } = type;
  const fields = type.fields.map((field) => ({ ...field, deprecated: deprecationOf(field.deprecated) }));
  return {
    name,
    aliases,
    description,
    version,
    deprecated: deprecationOf(type.deprecated),
    fields,
    schema,
    sample,
  };
}

function deprecationOf(deprecation: Deprecation | null): DeprecationView | null {
  return deprecation && { since: deprecation.since, replaced_by: deprecation.replacedBy ?? null };
}
