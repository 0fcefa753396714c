import { ArrayNotEmpty, IsArray, IsIn, Matches } from 'class-validator';
import type { AirlineStatus } from '../airline-status.js';
import { AIRLINE_STATUSES } from '../airline-status.js';

/** Body of `PUT /supplier/airlines`. */
export class AirlineStatusDto {
  /** IATA codes. */
  @IsArray()
  @ArrayNotEmpty()
  @Matches(/^[A-Z0-9]{2}$/, { each: true })
  airlines!: string[];

  @IsIn(AIRLINE_STATUSES)
  status!: AirlineStatus;
}
