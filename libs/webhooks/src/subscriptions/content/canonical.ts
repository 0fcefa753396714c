import type { JsonSchema } from '../../internal/json-schema.js';
import { isRecord } from '../parse-fields.js';
import type { ContentFilter } from './content-filter.js';
import { EventPaths } from './event-paths.js';

/** Replaces aliases by names where every event type means the same field by them. */
export class Canonical {
  private readonly types: readonly EventPaths[];

  /** @param schemas of event types that know every path; checked before */
  constructor(schemas: readonly JsonSchema[]) {
    this.types = schemas.map((schema) => new EventPaths(schema));
  }

  /** The paths, each once. */
  fields(fields: readonly string[]): readonly string[] {
    return [...new Set(fields.map((path) => this.path(path)))];
  }

  filter(filter: ContentFilter): ContentFilter {
    const names = Object.keys(filter).map((name) => (name.startsWith('$') ? name : this.path(name)));
    const entries = Object.entries(filter).map(([name, value], index) => {
      // A name and its alias beside each other stay two: the copy would lose one of them.
      const isShared = names.filter((each) => each === names[index]).length > 1;
      return [isShared ? name : names[index]!, name.startsWith('$') ? this.groups(value) : value] as const;
    });
    return Object.fromEntries(entries);
  }

  private groups(value: ContentFilter[string]): ContentFilter[string] {
    if (Array.isArray(value)) return value.map((each) => this.filter(each as ContentFilter));
    return isRecord(value) ? this.filter(value as ContentFilter) : value;
  }

  private path(path: string): string {
    const meanings = new Set(this.types.map((type) => type.resolve(path, path).keys.join('.')));
    const [meaning, ...more] = meanings;
    return meaning === undefined || more.length > 0 ? path : meaning;
  }
}
