import { Type } from 'class-transformer';
import {
  ArrayNotEmpty,
  IsArray,
  IsInt,
  IsNumber,
  IsOptional,
  IsString,
  Length,
  Min,
  ValidateNested,
} from 'class-validator';

/** One service to buy. */
export class NewServiceDto {
  @IsString()
  passenger_ref!: string;

  /** Left out: for the whole trip. */
  @IsOptional()
  @IsString()
  segment_ref?: string;

  @IsString()
  @Length(1, 20)
  type!: string;

  @IsString()
  @Length(1, 20)
  code!: string;

  @IsInt()
  @Min(1)
  quantity!: number;

  /** Of the whole quantity, in the order's currency. */
  @IsNumber()
  @Min(0)
  amount!: number;
}

/** Body of `POST /orders/:id/services`. */
export class AddServicesDto {
  @IsArray()
  @ArrayNotEmpty()
  @ValidateNested({ each: true })
  @Type(() => NewServiceDto)
  services!: NewServiceDto[];
}
