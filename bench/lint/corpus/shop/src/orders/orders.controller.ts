import { Body, Controller, Get, Headers, HttpStatus, Logger, Param, ParseUUIDPipe, Post, Req, Res, UseGuards } from '@nestjs/common';
import type { Request, Response } from 'express';
import { CurrentUser } from '../common/current-user.decorator';
import { JwtAuthGuard } from '../common/jwt-auth.guard';
import type { Customer } from '../customers/customer.entity';
import { PlaceOrderDto } from './dto/place-order.dto';
import { InvoicePdfService } from './invoice-pdf.service';
import { OrdersService } from './orders.service';
import { toOrderView } from './order.serializer';

@Controller({ path: 'orders', version: '1' })
@UseGuards(JwtAuthGuard)
export class OrdersController {
  private readonly logger = new Logger(OrdersController.name);

  constructor(
    private readonly orders: OrdersService,
    private readonly invoices: InvoicePdfService,
  ) {}

  @Post()
  async place(@CurrentUser() user: Customer, @Body() dto: PlaceOrderDto, @Req() req: Request) {
    this.logger.debug({ user, headers: req.headers }, 'placing order'); //= no-sensitive-fields  whole user and headers
    const order = await this.orders.place(user.id, dto);
    return toOrderView(order);
  }

  @Post(':id/cancel')
  async cancel(@CurrentUser() user: Customer, @Param('id', ParseUUIDPipe) id: string, @Res() res: Response) {
    const result = await this.orders.cancel(id, user.id);
    if (!result.ok) {
      return res.status(result.reason === 'not_found' ? HttpStatus.NOT_FOUND : HttpStatus.CONFLICT).json({ reason: result.reason }); //= return: no  answered with the reason
    }
    return res.status(HttpStatus.NO_CONTENT).send();
  }

  @Get(':id/invoice')
  async invoice(@CurrentUser() user: Customer, @Param('id', ParseUUIDPipe) id: string, @Headers('accept') accept: string, @Res() res: Response) {
    const invoice = await this.invoices.find(id, user.id);
    if (!invoice) {
      res.status(404).json({ reason: 'invoice_not_ready' });
      return; //= return: no  answered with the reason
    }
    if (accept?.includes('application/json')) {
      res.json(invoice.data);
      return; //= return: no  answered
    }

    res.setHeader('Content-Type', 'application/pdf');
    this.invoices
      .stream(invoice)
      .on('error', (err) => res.destroy(err))
      .pipe(res);
  }
}
