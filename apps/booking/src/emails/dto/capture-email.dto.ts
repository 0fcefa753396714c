import { IsDateString, IsEmail, IsIn, IsOptional, IsString, IsUrl, Length, Matches } from 'class-validator';
import type { EmailCategory } from '../email-categories.js';
import { EMAIL_CATEGORIES } from '../email-categories.js';

const WITH_ZONE = /T.+(Z|[+-]\d{2}:\d{2})$/;

/** Body of `POST /supplier/emails`: what the mailbox poller has found. */
export class CaptureEmailDto {
  /** Whose mailbox it was found in. */
  @IsString()
  consumer_id!: string;

  /** Left out: nobody could tell. */
  @IsOptional()
  @IsString()
  agw_id?: string;

  /** Hash of the mail. */
  @IsString()
  @Length(1, 128)
  unique_code!: string;

  @IsIn(EMAIL_CATEGORIES)
  category!: EmailCategory;

  @IsEmail()
  from!: string;

  @IsEmail()
  to!: string;

  /** As it came: any script, any sign. */
  @IsString()
  subject!: string;

  @IsUrl({ require_tld: false })
  link!: string;

  @Matches(WITH_ZONE)
  @IsDateString({ strict: true })
  link_expires_at!: string;

  @Matches(WITH_ZONE)
  @IsDateString({ strict: true })
  received_at!: string;
}
