import { CatalogError } from '../errors/catalog-error.js';
import type { EventType } from './event-type.js';

/** Event types by every name they have. Names and aliases share one space, and case counts. */
export class EventTypeIndex {
  private readonly byName = new Map<string, EventType>();

  /** @throws CatalogError naming both classes when one of the names is taken; then nothing was added */
  add(type: EventType): void {
    const names = [type.name, ...type.aliases];
    for (const [position, name] of names.entries()) {
      const owner = names.indexOf(name) < position ? type : this.byName.get(name);
      if (owner) throw this.clash(name, type, owner);
    }
    for (const name of names) this.byName.set(name, type);
  }

  /** The event type of that name or alias. */
  find(name: string): EventType | undefined {
    return this.byName.get(name);
  }

  /** All names and aliases. */
  names(): IterableIterator<string> {
    return this.byName.keys();
  }

  /** The event types with a name or alias that begins so, each once, in the order of registration. */
  startingWith(prefix: string): readonly EventType[] {
    const found = [...this.byName].filter(([name]) => name.startsWith(prefix)).map(([, type]) => type);
    return [...new Set(found)];
  }

  private clash(name: string, type: EventType, owner: EventType): CatalogError {
    const [mine, theirs] = [type, owner].map((each) => {
      const role = each.name === name ? 'the name' : 'an alias';
      return `${role} of ${each.eventClass.name}`;
    });
    return new CatalogError(
      `"${name}" is ${theirs} and also ${mine}: subscriptions could not tell them apart, so rename one of them`,
    );
  }
}
