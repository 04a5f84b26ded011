import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

@Injectable()
export class MetricsService {
  readonly registry = new Registry();

  readonly ordersPlaced = new Counter({ name: 'shop_orders_placed_total', help: 'Orders placed', labelNames: ['channel', 'customer'], registers: [this.registry] });
  readonly outOfStock = new Counter({ name: 'shop_out_of_stock_total', help: 'Reservations refused', labelNames: ['sku'], registers: [this.registry] });
  readonly reservationsExpired = new Counter({ name: 'shop_reservations_expired_total', help: 'Reservations expired', registers: [this.registry] });
  readonly webhooks = new Counter({ name: 'shop_psp_webhooks_total', help: 'Webhooks of the PSP', labelNames: ['type'], registers: [this.registry] });
  readonly mails = new Counter({ name: 'shop_mails_total', help: 'Mails', labelNames: ['template', 'outcome'], registers: [this.registry] });
  readonly mailDuration = new Histogram({ name: 'shop_mail_duration_seconds', help: 'Time to send a mail', labelNames: ['template'], registers: [this.registry] });
  readonly httpErrors = new Counter({ name: 'shop_http_errors_total', help: 'Error answers', labelNames: ['status', 'route'], registers: [this.registry] });
  readonly queueDepth = new Gauge({ name: 'shop_queue_depth', help: 'Waiting jobs', labelNames: ['queue'], registers: [this.registry] });

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  async render(accept: string | undefined): Promise<{ type: string; body: string }> {
    if (accept?.includes('openmetrics-text')) {
      this.registry.setContentType('application/openmetrics-text; version=1.0.0; charset=utf-8' as never);
      return { type: this.registry.contentType, body: await this.registry.metrics() }; //= return: no  rendering
    }
    return { type: 'text/plain; version=0.0.4', body: await this.registry.metrics() };
  }
}
