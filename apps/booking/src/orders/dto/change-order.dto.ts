import { Type } from 'class-transformer';
import {
  ArrayNotEmpty,
  IsArray,
  IsEmail,
  IsNumber,
  IsOptional,
  IsString,
  Length,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { NewSeatDto } from './add-seats.dto.js';
import { NewServiceDto } from './add-services.dto.js';
import { SegmentDto } from './create-order.dto.js';

const given = (_: object, value: unknown): boolean => value !== undefined && value !== null;

/** Left out: as before. Null: none any more. */
export class ContactDto {
  @ValidateIf(given)
  @IsString()
  @Length(1, 40)
  phone?: string | null;

  @ValidateIf(given)
  @IsEmail()
  email?: string | null;
}

/** A correction of one passenger's name. */
export class NameDto {
  @IsString()
  passenger_ref!: string;

  @IsOptional()
  @IsString()
  @Length(1, 60)
  first_name?: string;

  @IsOptional()
  @IsString()
  @Length(1, 60)
  last_name?: string;

  @ValidateIf(given)
  @IsString()
  @Length(1, 10)
  title?: string | null;
}

/** Other flights or dates: all flights of each leg that has any here. */
export class ItineraryDto {
  @IsArray()
  @ArrayNotEmpty()
  @ValidateNested({ each: true })
  @Type(() => SegmentDto)
  segments!: SegmentDto[];

  /** How much dearer it gets, in the order's currency; negative: cheaper. */
  @IsNumber()
  amount_delta!: number;
}

/** Services or seats to give back, by their refs, and to take. */
export interface ExtrasDto<New> {
  readonly remove?: string[];
  readonly add?: New[];
}

/** Services to give back and to buy. */
export class ServicesDto implements ExtrasDto<NewServiceDto> {
  @IsOptional()
  @IsArray()
  @IsString({ each: true })
  remove?: string[];

  @IsOptional()
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => NewServiceDto)
  add?: NewServiceDto[];
}

/** Seats to release and to reserve. */
export class SeatsDto implements ExtrasDto<NewSeatDto> {
  @IsOptional()
  @IsArray()
  @IsString({ each: true })
  remove?: string[];

  @IsOptional()
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => NewSeatDto)
  add?: NewSeatDto[];
}

/** Body of `PATCH /orders/:id`: what is here is changed, all of it or nothing. */
export class ChangeOrderDto {
  @IsOptional()
  @ValidateNested()
  @Type(() => ContactDto)
  contact?: ContactDto;

  @IsOptional()
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => NameDto)
  names?: NameDto[];

  @IsOptional()
  @ValidateNested()
  @Type(() => ItineraryDto)
  itinerary?: ItineraryDto;

  /** A new price of the whole order, in its currency, before the services and seats of the same request. */
  @IsOptional()
  @IsNumber()
  @Min(0)
  total_amount?: number;

  @IsOptional()
  @ValidateNested()
  @Type(() => ServicesDto)
  services?: ServicesDto;

  @IsOptional()
  @ValidateNested()
  @Type(() => SeatsDto)
  seats?: SeatsDto;
}
