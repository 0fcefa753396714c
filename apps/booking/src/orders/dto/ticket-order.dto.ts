import { IsBoolean, IsOptional, IsString } from 'class-validator';

/** Body of `POST /orders/:id/ticket`. */
export class TicketOrderDto {
  /** Pays for an order that was on hold. */
  @IsOptional()
  @IsString()
  card_token?: string;

  /** True replaces the tickets of an order that is ticketed already. */
  @IsOptional()
  @IsBoolean()
  reissue?: boolean;
}
