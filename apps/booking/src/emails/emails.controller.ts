import { Body, Controller, HttpCode, Post, UseFilters } from '@nestjs/common';
import { BookingErrorFilter } from '../orders/booking-error.filter.js';
import { CaptureEmailDto } from './dto/capture-email.dto.js';
import { EmailsService } from './emails.service.js';

/** Where the mailbox poller delivers. */
@Controller('supplier/emails')
@UseFilters(BookingErrorFilter)
export class EmailsController {
  constructor(private readonly emails: EmailsService) {}

  @Post()
  @HttpCode(200)
  async capture(@Body() request: CaptureEmailDto) {
    const { id, orderId } = await this.emails.capture(request);
    return { email_id: id, order_known: orderId !== null };
  }
}
