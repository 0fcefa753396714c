import type { EntityManager } from 'typeorm';
import { CapturedEmail } from '../emails/captured-email.entity.js';
import { BookingError } from '../orders/booking-error.js';
import type { Order } from '../orders/entities/order.entity.js';
import { formatInstant } from '../orders/zoned-time.js';
import { ScheduleChange } from '../schedule-changes/schedule-change.entity.js';
import type { DetectIncidentDto } from './dto/incident.dto.js';
import type { IncidentEvidence } from './incident.entity.js';

const NOTHING: IncidentEvidence = {
  email_subject: null,
  email_link: null,
  email_link_expires_at: null,
  previous_segments: null,
  revised_segments: null,
  vendor_refund: null,
};

/** What is known by the evidence that a request names. @throws BookingError `BOOKING_INVALID` when there is none such */
export async function evidenceOf(
  manager: EntityManager,
  { id: orderId, agwId }: Order,
  { type, evidence, vendor_refund }: DetectIncidentDto,
): Promise<IncidentEvidence> {
  const where = { id: evidence, orderId };
  if (type === 'abnormal.cancelled') return { ...NOTHING, vendor_refund: vendor_refund ?? null };
  const found = type === 'email.schedulechange' ? await mail(manager, where) : await change(manager, where);
  if (found) return { ...NOTHING, ...found };
  throw new BookingError('BOOKING_INVALID', `${agwId} has nothing of the number ${evidence} to go by.`);
}

interface Where {
  readonly id: string;
  readonly orderId: string;
}

async function mail(manager: EntityManager, where: Where): Promise<Partial<IncidentEvidence> | null> {
  const email = await manager.findOneBy(CapturedEmail, where);
  return (
    email && {
      email_subject: email.subject,
      email_link: email.link,
      email_link_expires_at: formatInstant(email.linkExpiresAt),
    }
  );
}

async function change(manager: EntityManager, where: Where): Promise<Partial<IncidentEvidence> | null> {
  const found = await manager.findOneBy(ScheduleChange, where);
  return found && { previous_segments: found.previous, revised_segments: found.revised };
}
