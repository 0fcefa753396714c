import { IsInt, IsString } from 'class-validator';
import { WebhookEvent, WebhookField } from 'nestjs-webhooks';
import { EntitySchema } from 'typeorm';

/** A business row of the host: what the receivers' logs are compared with. */
export interface OrderRow {
  id: string;
  tenant: string;
  total: number;
}

export const OrderEntity = new EntitySchema<OrderRow>({
  name: 'TestOrder',
  tableName: 'test_orders',
  columns: {
    id: { type: 'text', primary: true },
    tenant: { type: 'text' },
    total: { type: 'int' },
  },
});

class TestOrderEvent {
  @WebhookField({ example: 'AGW-1', aliases: ['orderId'] })
  @IsString()
  order_id!: string;

  @WebhookField({ example: 12 })
  @IsInt()
  total!: number;

  @WebhookField({ example: 'YMCP6O', nullable: true })
  @IsString()
  pnr: string | null = null;

  static of<T extends TestOrderEvent>(this: new () => T, orderId: string, total = 1): T {
    return Object.assign(new this(), { order_id: orderId, total });
  }
}

@WebhookEvent('OrderCreated', {
  aliases: ['order.created'],
  subject: (event: OrderCreated) => `order:${event.order_id}`,
})
export class OrderCreated extends TestOrderEvent {}

@WebhookEvent('OrderCanceled', { subject: (event: OrderCanceled) => `order:${event.order_id}` })
export class OrderCanceled extends TestOrderEvent {}

/** Without a subject, so without a sequence. */
@WebhookEvent('AirlineStatusChanged')
export class AirlineStatusChanged {
  @WebhookField({ example: 'IB' })
  @IsString()
  airline!: string;

  static of(airline: string): AirlineStatusChanged {
    return Object.assign(new AirlineStatusChanged(), { airline });
  }
}

export const EVENTS = [OrderCreated, OrderCanceled, AirlineStatusChanged];
