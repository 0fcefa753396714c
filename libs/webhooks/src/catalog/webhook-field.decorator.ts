import 'reflect-metadata';
import { ValidateIf } from 'class-validator';
import type { WebhookFieldOptions } from './event-options.js';
import { FIELDS_METADATA } from './metadata-keys.js';
import { evenIfNull, unlessNull } from './null-conditions.js';

type Fields = ReadonlyMap<string, WebhookFieldOptions>;

/**
 * Documents a property of an event class or of a class nested in one; what is valid is said by class-validator's
 * decorators beside it. In a subclass the options given there win over those of the base class, one by one.
 *
 * `nullable` is one of class-validator's conditions: set in a subclass, it replaces an inherited `@IsOptional()` or
 * `@ValidateIf()` of the same property, as class-validator does with every condition.
 *
 * @example
 * ```ts
 * @WebhookField({ description: 'Locator of the airline', example: 'YMCP6O', nullable: true })
 * @IsString()
 * pnr!: string | null;
 *
 * @WebhookField({ type: () => Leg })
 * @ValidateNested({ each: true })
 * legs!: Leg[];
 * ```
 */
export function WebhookField(options: WebhookFieldOptions = {}): (target: object, property: string) => void {
  return (target, property) => {
    const owner = target.constructor;
    const fields = Reflect.getOwnMetadata(FIELDS_METADATA, owner) as Fields | undefined;
    Reflect.defineMetadata(FIELDS_METADATA, new Map(fields).set(property, options), owner);
    if (options.nullable === undefined) return;
    // False is written too: it shadows a base class that says true.
    ValidateIf(options.nullable ? unlessNull : evenIfNull)(target, property);
  };
}
