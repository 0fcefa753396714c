import { Injectable } from '@nestjs/common';
import type { ArchivedEvent } from '../storage/event-archive.store.js';
import { EventArchive } from '../storage/event-archive.store.js';
import type { ScanEnd } from '../storage/index-scan.js';
import { FIRST_COMMIT } from '../storage/keyset.js';
import type { Page } from './page.js';
import type { EventSearch } from './read-event-query.js';
import { Undelivered, type Judge } from './undelivered.service.js';

/** Events that are judged at once. */
const STEP = 200;

const all: Judge = (events) => Promise.resolve([...events]);

/** Goes through the archive, page by page. */
@Injectable()
export class EventReader {
  constructor(
    private readonly archive: EventArchive,
    private readonly undelivered: Undelivered,
  ) {}

  /** Undefined for a test, too: that was no event. */
  async find(id: string): Promise<ArchivedEvent | undefined> {
    const event = await this.archive.find(id);
    return event?.isTest ? undefined : event;
  }

  async page(search: EventSearch): Promise<Page<ArchivedEvent>> {
    const { filter, after } = search;
    const end = await this.archive.end(filter, after);
    const { items, isFull } = await this.take(search, end);
    if (isFull) return { items, next: items.at(-1)!.place };
    const goesOn = !end.isLast || filter.order === 'commit';
    return { items, next: goesOn ? (end.place ?? after ?? FIRST_COMMIT) : null };
  }

  /** As many as the page may hold and are there up to the end of the look; full when another one was found. */
  private async take(
    { filter, undelivered, limit, after: start }: EventSearch,
    { place: upTo }: ScanEnd,
  ): Promise<{ items: ArchivedEvent[]; isFull: boolean }> {
    if (upTo === null) return { items: [], isFull: false };
    const judge = undelivered ? await this.undelivered.judge(filter.tenant) : all;
    const step = undelivered ? STEP : limit + 1;
    const items: ArchivedEvent[] = [];
    let after = start;
    while (items.length <= limit) {
      const events = await this.archive.read(filter, after, { upTo, limit: step });
      items.push(...(await judge(events)));
      if (events.length < step) break;
      after = events.at(-1)!.place;
    }
    return { items: items.slice(0, limit), isFull: items.length > limit };
  }
}
