import { CatalogError } from '../errors/catalog-error.js';
import type { JsonSchema } from '../internal/json-schema.js';
import { graphOf } from './class-graph.js';
import type { ClassGraph } from './class-graph.js';
import type { FieldMetadata } from './class-metadata.js';
import { ClassInstance } from './class-instance.js';
import { readClass } from './class-metadata.accessor.js';
import { checkEnvelopeNames, checkEventName, checkFieldNames } from './class-names.js';
import { ClassSample } from './class-sample.js';
import { definitions, objectSchema } from './class-schema.js';
import { envelopeSample, envelopeSchema } from './envelope-fields.js';
import type { Class } from './event-class.js';
import type { WebhookEventOptions } from './event-options.js';
import { EventType } from './event-type.js';
import type { EventField } from './event-type.js';
import type { EventValidator } from './event.validator.js';

type Declared = { readonly name: string; readonly options: WebhookEventOptions<never> };

function declaredEvent(graph: ClassGraph): Declared {
  const { event, eventClass } = graph.root;
  if (event) return event;
  throw new CatalogError(
    `${eventClass.name} is no event type: decorate it with @WebhookEvent('${eventClass.name}'), which subclasses do ` +
      `not inherit`,
  );
}

function schemaOf({ name, options }: Declared, graph: ClassGraph): JsonSchema {
  const own = objectSchema(graph.root, graph);
  const envelope = envelopeSchema(name, options.version ?? 1);
  const nested = definitions(graph);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: name,
    ...(options.description !== undefined && { description: options.description }),
    ...(options.deprecated && { deprecated: true }),
    type: 'object',
    properties: { ...envelope, ...own.properties },
    required: [...Object.keys(envelope), ...(own.required ?? [])],
    ...(Object.keys(nested).length > 0 && { $defs: nested }),
  };
}

function fieldOf({ name, options, nullable, optional }: FieldMetadata, schema: JsonSchema): EventField {
  return {
    name,
    aliases: options.aliases ?? [],
    description: options.description ?? '',
    deprecated: options.deprecated ?? null,
    nullable,
    required: !optional,
    schema,
  };
}

/**
 * Reads an event class once and for all.
 *
 * @throws CatalogError when the class is not decorated, or when it cannot be described or never be valid
 */
export function createEventType(eventClass: Class, validator: EventValidator): EventType {
  const graph = graphOf(eventClass, readClass);
  const event = declaredEvent(graph);
  for (const name of [event.name, ...(event.options.aliases ?? [])]) checkEventName(name, eventClass.name);
  checkEnvelopeNames(graph.root);
  for (const metadata of [graph.root, ...[...graph.nested.values()].map((nested) => nested.metadata)]) {
    checkFieldNames(metadata);
  }
  const schema = schemaOf(event, graph);
  const version = event.options.version ?? 1;
  return new EventType({
    ...event,
    eventClass,
    schema,
    fields: graph.root.fields.map((field) => fieldOf(field, schema.properties?.[field.name] ?? {})),
    sample: {
      ...envelopeSample(event.name, version, event.options.subject !== undefined),
      ...new ClassSample(graph).of(graph.root),
    },
    issuesOf: (given) => validator.issuesOf(given),
    instanceOf: (data) => new ClassInstance(graph).of(graph.root, data),
  });
}
