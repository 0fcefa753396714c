import { Type } from 'class-transformer';
import {
  IsArray,
  IsBoolean,
  IsDateString,
  IsIn,
  IsOptional,
  IsString,
  IsTimeZone,
  Length,
  Matches,
  ValidateNested,
} from 'class-validator';
import { LOCAL_TIME } from '../../orders/dto/create-order.dto.js';
import type { ScheduleReasonCode } from '../schedule-reasons.js';
import { SCHEDULE_REASONS } from '../schedule-reasons.js';

/** A flight of the order and what the airline changes of it; what is left out stays. */
export class RevisedFlightDto {
  @IsString()
  ref!: string;

  @IsOptional()
  @Matches(/^[A-Z0-9]{2}$/)
  carrier?: string;

  @IsOptional()
  @Matches(/^[A-Z0-9]{2}\d{1,4}[A-Z]?$/)
  flight_number?: string;

  @IsOptional()
  @Matches(/^[A-Z]{3}$/)
  origin?: string;

  @IsOptional()
  @Matches(/^[A-Z]{3}$/)
  destination?: string;

  @IsOptional()
  @Matches(LOCAL_TIME)
  departure_local?: string;

  @IsOptional()
  @IsTimeZone()
  departure_tz?: string;

  @IsOptional()
  @Matches(LOCAL_TIME)
  arrival_local?: string;

  @IsOptional()
  @IsTimeZone()
  arrival_tz?: string;
}

/** Body of `POST /supplier/schedule-changes`. */
export class ScheduleChangeDto {
  @IsString()
  agw_id!: string;

  /** Flights that go otherwise now. */
  @IsOptional()
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => RevisedFlightDto)
  revised?: RevisedFlightDto[];

  /** Refs of flights that do not go at all. */
  @IsOptional()
  @IsArray()
  @IsString({ each: true })
  cancelled?: string[];

  @IsIn(Object.keys(SCHEDULE_REASONS))
  reason_code!: ScheduleReasonCode;

  /** In the airline's words. */
  @IsOptional()
  @IsString()
  @Length(1, 500)
  reason?: string;

  @IsBoolean()
  confirmed!: boolean;

  /** Until when the seller must answer; ISO 8601 with its zone. Left out: he need not. */
  @IsOptional()
  @Matches(/T.+(Z|[+-]\d{2}:\d{2})$/)
  @IsDateString({ strict: true })
  action_deadline?: string;

  /** What the airline does without an answer. */
  @IsOptional()
  @IsString()
  @Length(1, 500)
  action_if_none?: string;
}
