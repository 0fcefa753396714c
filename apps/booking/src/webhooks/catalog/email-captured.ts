import { IsIn, IsISO8601, IsString } from 'class-validator';
import { WebhookEvent, WebhookField } from 'nestjs-webhooks';
import type { EmailCategory } from '../../emails/email-categories.js';
import { EMAIL_CATEGORIES } from '../../emails/email-categories.js';
import type { OrderSnapshot } from './order-event.js';
import { PossibleOrderEvent } from './possible-order-event.js';

/** What the mail itself tells. */
export type EmailDetails = Omit<EmailCaptured, keyof PossibleOrderEvent>;

/** Airlines write to the mailbox that booked, so this is how their customers learn of it. */
@WebhookEvent('EmailCaptured', {
  description: 'The booking mailbox received a mail of an airline.',
  aliases: ['email.all'],
  subject: ({ agw_id }: EmailCaptured) => (agw_id === null ? null : `order:${agw_id}`),
})
export class EmailCaptured extends PossibleOrderEvent {
  @WebhookField({ description: 'Our number of the mail', example: '7d0c7f0a-3e0b-4a55-9a3c-5a1d2f6b8c9e' })
  @IsString()
  email_id!: string;

  @WebhookField({ description: 'What it seems to be about', example: 'Schedule change' })
  @IsIn(EMAIL_CATEGORIES)
  email_category!: EmailCategory;

  @WebhookField({ description: 'Sender', example: 'noreply@airline.example' })
  @IsString()
  email_from!: string;

  @WebhookField({ description: 'The mailbox', example: 'nube-travel@inbox.example' })
  @IsString()
  email_to!: string;

  @WebhookField({ description: 'As the airline wrote it', example: 'Your flight IB3166 has changed' })
  @IsString()
  email_subject!: string;

  @WebhookField({
    description: 'Where the mail can be fetched, for a while',
    example: 'https://mail.example/m/7d0c7f0a?sig=4f1e',
  })
  @IsString()
  email_link!: string;

  @WebhookField({ description: 'Until when', example: '2026-03-29T22:40:00Z' })
  @IsISO8601()
  email_link_expires_at!: string;

  @WebhookField({ description: 'When the mailbox got it', example: '2026-03-29T21:40:00Z' })
  @IsISO8601()
  email_received_at!: string;

  static of(order: OrderSnapshot | null, email: EmailDetails): EmailCaptured {
    return Object.assign(new EmailCaptured(), order ?? PossibleOrderEvent.unknown, email);
  }
}
