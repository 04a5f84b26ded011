import { Body, Controller, Get, Headers, HttpCode, Param, ParseUUIDPipe, Post, Req, Res, UseGuards } from '@nestjs/common';
import { InjectPinoLogger, PinoLogger } from 'nestjs-pino';
import type { Request, Response } from 'express';
import { createHash } from 'node:crypto';
import { TenantGuard } from '../common/tenant.guard';
import { CurrentTenant, CurrentUser } from '../common/decorators';
import { InvoicesService } from './invoices.service';
import { PdfStore } from './pdf-store';
import { toInvoiceResponse } from './invoice.serializer';
import { FinalizeInvoiceDto } from './dto/finalize-invoice.dto';

@Controller('invoices')
@UseGuards(TenantGuard)
export class InvoicesController {
  constructor(
    private readonly service: InvoicesService,
    private readonly pdfs: PdfStore,
    @InjectPinoLogger(InvoicesController.name) private readonly logger: PinoLogger,
  ) {}

  @Get(':id')
  async show(
    @Param('id', ParseUUIDPipe) id: string,
    @CurrentTenant() tenantId: string,
    @Headers('if-none-match') etag: string | undefined,
    @Res({ passthrough: true }) res: Response,
  ) {
    const body = toInvoiceResponse(await this.service.findOne(id, tenantId));
    const current = createHash('sha1').update(JSON.stringify(body)).digest('hex');
    if (etag === current) {
      res.status(304);
      return; //= return: no  not modified, the status says it
    }
    res.setHeader('etag', current);
    return body;
  }

  @Post(':id/finalize')
  @HttpCode(200)
  async finalize(
    @Param('id', ParseUUIDPipe) id: string,
    @Body() dto: FinalizeInvoiceDto,
    @CurrentUser() user: { id: string; email: string; roles: string[] },
    @CurrentTenant() tenantId: string,
    @Req() req: Request,
  ) {
    this.logger.info({ body: req.body, invoiceId: id }, 'finalize requested'); //= no-sensitive-fields  whole request body
    const invoice = await this.service.finalize(id, tenantId, { sendMail: dto.sendMail, actorId: user.id });
    return toInvoiceResponse(invoice);
  }

  @Get(':id/pdf')
  async download(@Param('id', ParseUUIDPipe) id: string, @CurrentTenant() tenantId: string, @Res() res: Response) {
    const invoice = await this.service.findOne(id, tenantId);
    if (!invoice.pdfKey) {
      return res.status(409).json({ error: 'pdf_not_rendered', invoiceId: id }); //= return: no  answered with the reason
    }

    const stream = await this.pdfs.open(invoice.pdfKey).catch((err) => { //= catch: no  logged with ids
      this.logger.warn({ err, invoiceId: id, key: invoice.pdfKey }, 'pdf not readable');
      return null;
    });
    if (!stream) return void res.status(502).json({ error: 'storage_unavailable' }); //= return: no  answered with the reason

    stream.on('error', (err: Error) => {
      this.logger.error(`pdf stream broke: ${err.message}`); //= error-with-context  message interpolated, no ids //= structured-event  interpolated message
      res.destroy(err);
    });
    res.type('application/pdf');
    stream.pipe(res);
  }

  @Post(':id/resend')
  async resend(@Param('id', ParseUUIDPipe) id: string, @CurrentTenant() tenantId: string, @CurrentUser() user: unknown) {
    const result = await this.service.resend(id, tenantId);
    if (result.queued) return { status: 'queued' }; //= return: no  the success branch, answered
    this.logger.info({ user, invoiceId: id, reason: result.reason }, 'resend refused'); //= no-sensitive-fields  whole user
    return { status: 'refused', reason: result.reason };
  }
}
