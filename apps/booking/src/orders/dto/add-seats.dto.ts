import { Type } from 'class-transformer';
import { ArrayNotEmpty, IsArray, IsNumber, IsString, Matches, Min, ValidateNested } from 'class-validator';

/** One seat to reserve. */
export class NewSeatDto {
  @IsString()
  passenger_ref!: string;

  @IsString()
  segment_ref!: string;

  @Matches(/^\d{1,3}[A-Z]$/)
  seat_number!: string;

  /** In the order's currency. */
  @IsNumber()
  @Min(0)
  amount!: number;
}

/** Body of `POST /orders/:id/seats`. */
export class AddSeatsDto {
  @IsArray()
  @ArrayNotEmpty()
  @ValidateNested({ each: true })
  @Type(() => NewSeatDto)
  seats!: NewSeatDto[];
}
