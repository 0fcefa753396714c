import { IsArray, IsIn, IsString } from 'class-validator';
import { WebhookField } from 'nestjs-webhooks';

/** One traveller of an order, as subscribers see him: no birth date, no documents. */
export class PassengerData {
  @WebhookField({ description: 'Name of the passenger within the order', example: 'PAX1' })
  @IsString()
  ref!: string;

  @WebhookField({ description: 'Adult, child or infant', example: 'ADT' })
  @IsIn(['ADT', 'CHD', 'INF'])
  type!: string;

  @WebhookField({ description: 'LAST/FIRST TITLE, as on the ticket', example: 'GARCIA/ANA MS' })
  @IsString()
  name!: string;

  @WebhookField({ description: 'Ticket numbers, 13 digits each', example: ['0752412345678'] })
  @IsArray()
  @IsString({ each: true })
  ticket_numbers!: string[];
}
