import { IsNumber, IsOptional, IsString, Length, Min } from 'class-validator';

/** Body of `POST /orders/:id/cancel`. */
export class CancelOrderDto {
  @IsOptional()
  @IsString()
  @Length(1, 200)
  reason?: string;

  /** What the customer gets back, in the order's currency; left out while it is not known. */
  @IsOptional()
  @IsNumber()
  @Min(0)
  refund_amount?: number;
}
