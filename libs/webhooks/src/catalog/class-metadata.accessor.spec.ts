import { IsInt, IsOptional, IsString, Min, ValidateIf, validateSync } from 'class-validator';
import { readClass } from './class-metadata.accessor.js';
import { WebhookEvent } from './webhook-event.decorator.js';
import { WebhookField } from './webhook-field.decorator.js';

class Base {
  @WebhookField({ description: 'Locator', nullable: true }) @IsString() pnr!: string | null;
  @WebhookField({ aliases: ['orderID'] }) @IsString() order_id!: string;
  @IsInt() @Min(0) adults!: number;
}

@WebhookEvent('Child', { subject: (event: Child) => event.order_id })
class Child extends Base {
  @WebhookField({ nullable: false, example: 'YMCP6O' }) declare pnr: string;
  @WebhookField({ nullable: true }) declare order_id: string;
  @IsString() own!: string;
}

function fieldOf(owner: typeof Base, name: string) {
  const field = readClass(owner).fields.find((known) => known.name === name);
  if (!field) throw new Error(`${owner.name} has no field ${name}`);
  return field;
}

describe('readClass', () => {
  it('puts fields of base classes first and counts those that only validators know', () => {
    expect(readClass(Child).fields.map(({ name }) => name)).toEqual(['pnr', 'order_id', 'own', 'adults']);
  });

  it('lets options of a subclass win one by one, without touching the base class', () => {
    expect(fieldOf(Child, 'pnr').options).toEqual({
      description: 'Locator',
      nullable: false,
      example: 'YMCP6O',
    });
    expect(fieldOf(Base, 'pnr').options).toEqual({ description: 'Locator', nullable: true });
    expect(fieldOf(Child, 'order_id').options).toEqual({ aliases: ['orderID'], nullable: true });
  });

  it('inherits validators', () => {
    expect(fieldOf(Child, 'adults').rules.map(({ name }) => name)).toEqual(['min', 'isInt']);
    expect(fieldOf(Child, 'pnr').rules.map(({ name }) => name)).toEqual(['isString']);
  });

  it('makes validators accept null exactly where the nearest class says so', () => {
    const values = { pnr: null, order_id: null, adults: 1, own: 'x' };
    const refused = (owner: typeof Base) =>
      validateSync(Object.assign(new owner(), values)).map(({ property }) => property);
    expect(refused(Base)).toEqual(['order_id']);
    expect(refused(Child)).toEqual(['pnr']);
    expect(fieldOf(Base, 'pnr')).toMatchObject({ nullable: true, optional: false });
    expect(fieldOf(Child, 'pnr')).toMatchObject({ nullable: false, optional: false });
  });

  it('learns from the conditions what may be null or absent', () => {
    class Conditions {
      @IsOptional() @IsString() optional?: string;
      @ValidateIf((_event, value) => value !== null) @IsString() nullable!: string | null;
      @ValidateIf((_event, value) => value !== undefined) @IsString() absent?: string;
      @ValidateIf((event: { deep: { flag: boolean } }) => event.deep.flag) @IsString() deep!: string;
    }
    const seen = readClass(Conditions).fields.map(({ name, nullable, optional }) => [
      name,
      nullable,
      optional,
    ]);
    expect(seen).toEqual([
      ['optional', true, true],
      ['nullable', true, false],
      ['absent', false, true],
      ['deep', false, false],
    ]);
  });

  it('knows the event of the class itself, not that of a base class', () => {
    class Grandchild extends Child {}
    expect(readClass(Child).event?.name).toBe('Child');
    expect(readClass(Grandchild).event).toBeNull();
    expect(readClass(Base).event).toBeNull();
  });

  it('reports a class without validators', () => {
    class Plain {
      @WebhookField() text!: string;
    }
    expect(readClass(Plain).hasValidators).toBe(false);
    expect(readClass(Base).hasValidators).toBe(true);
  });
});
