import { Equals, IsBoolean, IsIn, IsOptional, IsString, Length } from 'class-validator';
import type { IncidentType, VendorRefund } from '../incident-types.js';
import { INCIDENT_TYPES, VENDOR_REFUNDS } from '../incident-types.js';

/** Body of `POST /supplier/incidents`. */
export class DetectIncidentDto {
  @IsString()
  agw_id!: string;

  @IsIn(INCIDENT_TYPES)
  type!: IncidentType;

  /**
   * What it was seen by: of `email.schedulechange` the number of the mail, of `order.schedulechange` that of the
   * schedule change, of `abnormal.cancelled` whatever the job goes by.
   */
  @IsString()
  @Length(1, 128)
  evidence!: string;

  @IsOptional()
  @IsBoolean()
  confirmed?: boolean;

  @IsOptional()
  @IsIn(VENDOR_REFUNDS)
  vendor_refund?: VendorRefund;
}

/** Body of `PATCH /supplier/incidents/:id`. */
export class UpdateIncidentDto {
  /** Somebody has looked and it is so. */
  @IsOptional()
  @Equals(true)
  confirmed?: true;

  /** It is dealt with; the same evidence makes a new one from now on. */
  @IsOptional()
  @Equals(true)
  closed?: true;
}
