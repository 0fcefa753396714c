import { CatalogError } from '../errors/catalog-error.js';
import type { ClassMetadata } from './class-metadata.js';
import { ENVELOPE_FIELDS } from './envelope-fields.js';

/** @throws CatalogError when a name cannot be told from a pattern or from text around it */
export function checkEventName(name: string, className: string): void {
  if (/^[^\s*]+$/.test(name)) return;
  throw new CatalogError(
    `${JSON.stringify(name)} cannot name an event type (${className}): a name is not empty and holds no blanks, and ` +
      `no "*", which subscriptions use as a wildcard`,
  );
}

/**
 * Checks that every name by which a template may read a field of the class means one thing.
 *
 * @throws CatalogError naming the class, both fields, and what to do
 */
export function checkFieldNames({ eventClass, fields }: ClassMetadata): void {
  const owners = new Map(fields.map(({ name }) => [name, name]));
  for (const field of fields) {
    for (const alias of field.options.aliases ?? []) {
      const owner = owners.get(alias);
      if (owner === undefined) {
        owners.set(alias, field.name);
        continue;
      }
      throw new CatalogError(
        `The alias ${JSON.stringify(alias)} of ${eventClass.name}.${field.name} already means ` +
          `${eventClass.name}.${owner}: choose another alias`,
      );
    }
  }
}

/** The root of `{{ secrets.NAME }}` in templates: an event's field of that name could not be read. */
const SECRETS = 'secrets';
const RESERVED: readonly string[] = [...ENVELOPE_FIELDS, SECRETS];

/** @throws CatalogError when the event class uses a name that the envelope or templates need */
export function checkEnvelopeNames({ eventClass, fields }: ClassMetadata): void {
  for (const { name, options } of fields) {
    const reserved = RESERVED.find((known) => known === name || options.aliases?.includes(known));
    if (reserved === undefined) continue;
    const owner =
      reserved === SECRETS ? 'templates read a secret by it' : 'every event gets it from the envelope';
    throw new CatalogError(
      `${eventClass.name}.${name} uses the name "${reserved}", and ${owner}: remove or rename it`,
    );
  }
}
