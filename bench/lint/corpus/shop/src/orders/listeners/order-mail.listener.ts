import { Injectable } from '@nestjs/common';
import { OnEvent } from '@nestjs/event-emitter';
import { InjectRepository } from '@nestjs/typeorm';
import { InjectPinoLogger, PinoLogger } from 'nestjs-pino';
import { Repository } from 'typeorm';
import { Customer } from '../../customers/customer.entity';
import { MailerService } from '../../notifications/mailer.service';
import { PushService } from '../../notifications/push.service';
import { Shipment } from '../../shipping/shipment.entity';
import { Order, OrderStatus } from '../order.entity';

interface OrderEvent {
  orderId: string;
}

@Injectable()
export class OrderMailListener {
  constructor(
    @InjectRepository(Order) private readonly orders: Repository<Order>,
    @InjectRepository(Customer) private readonly customers: Repository<Customer>,
    @InjectRepository(Shipment) private readonly shipments: Repository<Shipment>,
    private readonly mailer: MailerService,
    private readonly push: PushService,
    @InjectPinoLogger(OrderMailListener.name) private readonly logger: PinoLogger,
  ) {}

  @OnEvent('order.placed', { async: true })
  async onPlaced({ orderId }: OrderEvent) {
    const order = await this.orders.findOne({ where: { id: orderId }, relations: { lines: true } });
    if (!order) {
      return; //= return: yes  confirmation mail is never sent
    }
    const email = await this.addressOf(order);
    if (!email) return; //= return: yes  order without a mail address, no confirmation and no trace

    await this.mailer.send('order-confirmation', email, { order });
  }

  @OnEvent('order.shipped', { async: true })
  async onShipped({ orderId }: OrderEvent): Promise<void> {
    const shipment = await this.shipments.findOneBy({ orderId });
    if (!shipment?.trackingCode) {
      this.logger.warn({ orderId }, 'shipped without a tracking code, customer not informed');
      return; //= return: no  logged
    }

    const order = await this.orders.findOneByOrFail({ id: orderId });
    const customer = order.customerId ? await this.customers.findOneBy({ id: order.customerId }) : null;
    if (customer && !customer.preferences.shippingUpdates) {
      return; //= return: yes  suppressed by preference without a word
    }

    if (customer?.pushTokens.length) {
      await this.push.send(customer.id, { title: 'Your order is on its way', tracking: shipment.trackingCode });
    }
    const email = customer?.email ?? order.guestEmail;
    await this.mailer.send('order-shipped', email, { order, shipment });
  }

  @OnEvent('order.cancelled', { async: true })
  async onCancelled({ orderId }: OrderEvent) {
    const order = await this.orders.findOneBy({ id: orderId });
    if (!order || order.status !== OrderStatus.Cancelled) return void 0; //= return: yes  cancellation mail dropped on a state mismatch

    const email = await this.addressOf(order);
    try {
      await this.mailer.send('order-cancelled', email!, { order });
    } catch (error) { //= catch: no  logged, though only as text
      this.logger.error({ orderId, error: error.message }, 'cancellation mail failed'); //= error-with-context  only the message of the error is kept
    }
  }

  private async addressOf(order: Order): Promise<string | null> {
    if (order.guestEmail) return order.guestEmail; //= return: no  lookup
    const customer = await this.customers.findOneBy({ id: order.customerId });
    return customer?.email ?? null;
  }
}
