import { IsInt, IsNumber, IsString, Length, Min } from 'class-validator';
import { WebhookField } from 'nestjs-webhooks';

/** Something bought beside the flight. */
export class ServiceData {
  @WebhookField({ description: 'Name of the service within the order', example: 'SRV1' })
  @IsString()
  ref!: string;

  @WebhookField({ description: 'Whose it is', example: 'PAX1' })
  @IsString()
  passenger_ref!: string;

  @WebhookField({ description: 'On which flight; null: the whole trip', example: 'SEG1', nullable: true })
  @IsString()
  segment_ref!: string | null;

  @WebhookField({ description: 'Kind of service', example: 'BAG' })
  @IsString()
  type!: string;

  @WebhookField({ description: "The airline's code for it", example: '0C3' })
  @IsString()
  code!: string;

  @WebhookField({ description: 'How many', example: 1 })
  @IsInt()
  @Min(1)
  quantity!: number;

  @WebhookField({ description: 'Price of the whole quantity', example: 45 })
  @IsNumber()
  @Min(0)
  amount!: number;

  @WebhookField({ description: 'ISO 4217', example: 'EUR' })
  @Length(3, 3)
  currency!: string;
}
