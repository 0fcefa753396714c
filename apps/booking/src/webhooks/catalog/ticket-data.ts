import { ArrayNotEmpty, IsArray, IsIn, IsString } from 'class-validator';
import { WebhookField } from 'nestjs-webhooks';

/** The tickets of one passenger. */
export class TicketData {
  @WebhookField({ description: 'Whose they are', example: 'PAX1' })
  @IsString()
  passenger_ref!: string;

  @WebhookField({ description: 'LAST/FIRST TITLE, as on the ticket', example: 'GARCIA/ANA MS' })
  @IsString()
  name!: string;

  @WebhookField({ description: 'Adult, child or infant', example: 'ADT' })
  @IsIn(['ADT', 'CHD', 'INF'])
  type!: string;

  @WebhookField({ description: 'Ticket numbers, 13 digits each', example: ['0752412345678'] })
  @IsArray()
  @ArrayNotEmpty()
  @IsString({ each: true })
  ticket_numbers!: string[];

  @WebhookField({ description: "The airline's booking references", example: ['YMCP6O'] })
  @IsArray()
  @IsString({ each: true })
  airline_pnrs!: string[];

  @WebhookField({ description: 'Codes of the services the passenger bought', example: ['0C3'] })
  @IsArray()
  @IsString({ each: true })
  ancillaries!: string[];
}
