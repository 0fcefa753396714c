import type { EntityManager } from 'typeorm';
import type { Booking } from './booking.js';
import { Segment } from './entities/segment.entity.js';

/** One flight that takes the place of another. */
export interface Revision {
  readonly was: Segment;
  readonly is: Segment;
}

/** New flights, and whose place they take. */
export interface Revisions {
  readonly revisions: readonly Revision[];
  readonly added: readonly Segment[];
  /** Whether seats go along, as services always do. */
  readonly withSeats: boolean;
}

/**
 * Stores new flights and marks those whose place they take. Rows are only added and pointed from, so that what the
 * traveller bought, and every state since, can still be told.
 */
export async function reviseSegments(
  manager: EntityManager,
  booking: Booking,
  { revisions, added, withSeats }: Revisions,
): Promise<void> {
  // The old rows first: of the rows with one ref, only one may be current.
  for (const { was, is } of revisions) {
    was.supersededBy = is.id;
    await manager.update(Segment, { id: was.id }, { supersededBy: is.id });
  }
  if (added.length > 0) await manager.insert(Segment, [...added]);
  booking.segments.push(...added);
  for (const { was, is } of revisions) {
    const extras = [...booking.services, ...(withSeats ? booking.seats : [])];
    const moved = extras.filter(({ segmentId }) => segmentId === was.id);
    for (const extra of moved) extra.segmentId = is.id;
    await manager.save(moved);
  }
}
