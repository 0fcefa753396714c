import { Type } from 'class-transformer';
import {
  ArrayNotEmpty,
  IsArray,
  IsBoolean,
  IsDateString,
  IsEmail,
  IsIn,
  IsInt,
  IsISO8601,
  IsNumber,
  IsOptional,
  IsString,
  IsTimeZone,
  Length,
  Matches,
  Min,
  ValidateNested,
} from 'class-validator';
import type { PassengerType } from '../entities/passenger.entity.js';

/** With an offset, one that clocks on earth have, it names one instant even while they change. */
export const LOCAL_TIME = /^2\d{3}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}([+-](0\d|1[0-4]):[0-5]\d)?$/;

/** One traveller. */
export class PassengerDto {
  @IsIn(['ADT', 'CHD', 'INF'])
  type!: PassengerType;

  @IsString()
  @Length(1, 60)
  first_name!: string;

  @IsString()
  @Length(1, 60)
  last_name!: string;

  @IsOptional()
  @IsString()
  @Length(1, 10)
  title?: string;

  @IsOptional()
  @Matches(/^\d{4}-\d{2}-\d{2}$/)
  @IsISO8601({ strict: true })
  birth_date?: string;
}

/** One flight, in the timetable's local times. */
export class SegmentDto {
  @IsInt()
  @Min(1)
  leg!: number;

  @Matches(/^[A-Z0-9]{2}$/)
  carrier!: string;

  @Matches(/^[A-Z0-9]{2}\d{1,4}[A-Z]?$/)
  flight_number!: string;

  @Matches(/^[A-Z]{3}$/)
  origin!: string;

  @Matches(/^[A-Z]{3}$/)
  destination!: string;

  @Matches(LOCAL_TIME)
  departure_local!: string;

  /** Left out: that of the airport, if we know it. */
  @IsOptional()
  @IsTimeZone()
  departure_tz?: string;

  @Matches(LOCAL_TIME)
  arrival_local!: string;

  @IsOptional()
  @IsTimeZone()
  arrival_tz?: string;
}

/** Body of `POST /orders`. */
export class CreateOrderDto {
  @Matches(/^[A-Z0-9]{2,8}$/)
  provider!: string;

  /** True keeps the price until `payment_time_limit`; false pays at once with `card_token`. */
  @IsBoolean()
  hold!: boolean;

  /** Of the flights, without services and seats. */
  @IsNumber()
  @Min(0)
  amount!: number;

  @Matches(/^[A-Z]{3}$/)
  currency!: string;

  @IsArray()
  @ArrayNotEmpty()
  @ValidateNested({ each: true })
  @Type(() => PassengerDto)
  passengers!: PassengerDto[];

  @IsArray()
  @ArrayNotEmpty()
  @ValidateNested({ each: true })
  @Type(() => SegmentDto)
  segments!: SegmentDto[];

  @IsOptional()
  @IsString()
  contact_phone?: string;

  @IsOptional()
  @IsEmail()
  contact_email?: string;

  /** ISO 8601 with its zone. */
  @IsOptional()
  @Matches(/T.+(Z|[+-]\d{2}:\d{2})$/)
  @IsDateString({ strict: true })
  payment_time_limit?: string;

  @IsOptional()
  @IsString()
  card_token?: string;
}
