import { IsArray, IsIn, IsInt, IsOptional, IsString, Length, Max, Min } from 'class-validator';
import { IsAtlasTime } from './atlas-time.js';

/** Body of Atlas' `event/getPageList.do`. All members narrow; only `pageSize` must be given. */
export class IncidentQueryDto {
  /** The `notificationId` that was sent. */
  @IsOptional()
  @IsString()
  eventId?: string;

  @IsOptional()
  @IsString()
  orderNo?: string;

  /** `email.schedulechange`, `order.schedulechange` or `abnormal.cancelled`; others are found never. */
  @IsOptional()
  @IsString()
  eventType?: string;

  @IsOptional()
  @IsString()
  pnr?: string;

  /** Last/First, in letters of any size. */
  @IsOptional()
  @IsString()
  paxName?: string;

  @IsOptional()
  @IsString()
  paxEmail?: string;

  /** IATA code of a carrier of the order. */
  @IsOptional()
  @Length(2, 2)
  airline?: string;

  /** 0 unconfirmed, 1 confirmed. */
  @IsOptional()
  @IsArray()
  @IsIn([0, 1], { each: true })
  eventStatus?: number[];

  /** UTC+08:00, like the next three; both ends count, each with its whole second. */
  @IsOptional()
  @IsAtlasTime()
  eventTimeStart?: string;

  @IsOptional()
  @IsAtlasTime()
  eventTimeEnd?: string;

  @IsOptional()
  @IsAtlasTime()
  updateTimeStart?: string;

  @IsOptional()
  @IsAtlasTime()
  updateTimeEnd?: string;

  /** Of one flight that is still to be flown, by the clocks of its airport: it leaves within both ends. */
  @IsOptional()
  @IsAtlasTime()
  depTimeStart?: string;

  @IsOptional()
  @IsAtlasTime()
  depTimeEnd?: string;

  /** From 1. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(100_000)
  pageIndex?: number;

  @IsInt()
  @Min(1)
  @Max(100)
  pageSize!: number;
}
