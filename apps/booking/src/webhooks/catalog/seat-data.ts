import { IsNumber, IsString, Length, Min } from 'class-validator';
import { WebhookField } from 'nestjs-webhooks';

/** A passenger's seat on a flight. */
export class SeatData {
  @WebhookField({ description: 'Name of the seat within the order', example: 'SEAT1' })
  @IsString()
  ref!: string;

  @WebhookField({ description: 'Who sits there', example: 'PAX1' })
  @IsString()
  passenger_ref!: string;

  @WebhookField({ description: 'On which flight', example: 'SEG1' })
  @IsString()
  segment_ref!: string;

  @WebhookField({ description: 'Row and letter', example: '12A' })
  @IsString()
  seat_number!: string;

  @WebhookField({ description: 'Price', example: 12.5 })
  @IsNumber()
  @Min(0)
  amount!: number;

  @WebhookField({ description: 'ISO 4217', example: 'EUR' })
  @Length(3, 3)
  currency!: string;
}
