import type { Type } from '@nestjs/common';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import type { Field } from './fields.js';

/** How one member of an answer looks: a plain field, or another model. */
export type Member =
  | Field
  | {
      readonly model: Type<object>;
      readonly description?: string;
      readonly nullable?: boolean;
      readonly required?: boolean;
    }
  | { readonly models: Type<object>; readonly description?: string; readonly required?: boolean };

/** Each member of `T`, none forgotten and none invented. */
export type Members<T> = { readonly [Name in keyof Required<T>]: Member };

/** A class that @nestjs/swagger describes as the components' schema `name`. */
export function modelOf<T extends object>(name: string, members: Members<T>): Type<T> {
  class Model {}
  Object.defineProperty(Model, 'name', { value: name });
  for (const [member, look] of Object.entries<Member>(members)) {
    ApiProperty(propertyOf(look))(Model.prototype, member);
  }
  return Model as Type<T>;
}

/** A page of a list. */
export function pageOf<T extends object>(item: Type<T>): Type<{ items: T[]; next: string | null }> {
  return modelOf<{ items: T[]; next: string | null }>(`${item.name}Page`, {
    items: { models: item },
    next: {
      type: 'string',
      nullable: true,
      description: 'The `cursor` of the next page; null after the last.',
    },
  });
}

function propertyOf(look: Member): ApiPropertyOptions {
  if ('models' in look) {
    const { models, ...rest } = look;
    return { ...rest, type: [models] };
  }
  if ('model' in look) {
    const { model, ...rest } = look;
    return { ...rest, type: model };
  }
  // What is required of an object is the list of its members, in the words of @nestjs/swagger.
  const { required, ...rest } = look;
  const property: object = look.type === 'object' ? { ...rest, selfRequired: required ?? true } : look;
  return property as ApiPropertyOptions;
}
