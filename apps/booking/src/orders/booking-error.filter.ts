import type { ArgumentsHost } from '@nestjs/common';
import { Catch, HttpException, HttpStatus } from '@nestjs/common';
import { BaseExceptionFilter } from '@nestjs/core';
import type { BookingErrorCode } from './booking-error.js';
import { BookingError } from './booking-error.js';

const STATUS: Readonly<Record<BookingErrorCode, HttpStatus>> = {
  ORDER_NOT_FOUND: HttpStatus.NOT_FOUND,
  TRANSITION_FORBIDDEN: HttpStatus.CONFLICT,
  ORDER_CLOSED: HttpStatus.CONFLICT,
  SEAT_TAKEN: HttpStatus.CONFLICT,
  PAYMENT_TIME_LIMIT_PASSED: HttpStatus.CONFLICT,
  PAYMENT_DECLINED: HttpStatus.PAYMENT_REQUIRED,
  AIRPORT_UNKNOWN: HttpStatus.UNPROCESSABLE_ENTITY,
  BOOKING_INVALID: HttpStatus.UNPROCESSABLE_ENTITY,
  INCIDENT_NOT_FOUND: HttpStatus.NOT_FOUND,
};

/** Answers a broken booking rule with its HTTP status, `code` and `message`. */
@Catch(BookingError)
export class BookingErrorFilter extends BaseExceptionFilter {
  override catch(error: BookingError, host: ArgumentsHost): void {
    const { code, message } = error;
    const statusCode = STATUS[code];
    super.catch(new HttpException({ statusCode, code, message }, statusCode), host);
  }
}
