// Plain JavaScript: its decorators are applied by hand.
import 'reflect-metadata';
import { IsString } from 'class-validator';
import { WebhookEvent, WebhookField } from 'nestjs-webhooks';

export class OrderPlaced {
  constructor(reference) {
    this.reference = reference;
  }
}
Reflect.defineMetadata('design:type', String, OrderPlaced.prototype, 'reference');
WebhookField({ example: 'AGW-1' })(OrderPlaced.prototype, 'reference');
IsString()(OrderPlaced.prototype, 'reference');
WebhookEvent('OrderPlaced', { description: 'An order was placed.' })(OrderPlaced);
