import { ArrayNotEmpty, IsArray, IsObject, IsOptional, IsString } from 'class-validator';

/** Body of `POST /subscriptions`: what the library's own service takes, except whose subscription it is. */
export class CreateSubscriptionDto {
  @IsArray()
  @ArrayNotEmpty()
  @IsString({ each: true })
  event_types!: string[];

  /** The whole request as a template, or … */
  @IsOptional()
  @IsObject()
  http_request?: Record<string, unknown>;

  /** … only where to send the standard envelope. */
  @IsOptional()
  @IsString()
  url?: string;

  @IsOptional()
  @IsObject()
  headers?: Record<string, string>;

  @IsOptional()
  @IsString()
  description?: string;
}
