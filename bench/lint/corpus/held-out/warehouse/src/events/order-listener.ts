import type { Channel, ConsumeMessage } from 'amqplib';
import { z } from 'zod';
import type { Logger } from 'winston';
import { ReservationService } from '../services/reservations';
import { ShipmentService } from '../services/shipments';
import { CustomersClient } from '../clients/customers';
import { Inbox } from '../lib/inbox';

const orderEvent = z.object({
  id: z.string(),
  type: z.enum(['order.placed', 'order.changed', 'order.cancelled', 'order.paid', 'order.noted']),
  order: z.object({ id: z.string(), customerId: z.string(), channel: z.string(), lines: z.array(z.object({ sku: z.string(), quantity: z.number() })) }),
});
type OrderEvent = z.infer<typeof orderEvent>;

export class OrderListener {
  constructor(
    private readonly channel: Channel,
    private readonly reservations: ReservationService,
    private readonly shipments: ShipmentService,
    private readonly customers: CustomersClient,
    private readonly inbox: Inbox,
    private readonly logger: Logger,
  ) {}

  async start(queue: string): Promise<void> {
    await this.channel.prefetch(10);
    await this.channel.consume(queue, (message) => {
      if (!message) return; //= return: maybe  null means the broker cancelled the consumer, which an operator may want to see
      this.onMessage(message).catch((err) => { //= catch: no  logged and dead-lettered
        this.logger.error('order message failed', { err, messageId: message.properties.messageId });
        this.channel.nack(message, false, false);
      });
    });
  }

  private async onMessage(message: ConsumeMessage): Promise<void> {
    const event = this.decode(message);
    if (!event) {
      this.channel.ack(message);
      return; //= return: yes  an unreadable order event is acknowledged and thrown away
    }

    const fresh = await this.inbox.remember(event.id);
    if (!fresh) {
      // at-least-once delivery, seen before
      this.channel.ack(message);
      return; //= return: no  reason comment
    }

    await this.dispatch(event);
    this.channel.ack(message);
  }

  private decode(message: ConsumeMessage): OrderEvent | undefined {
    try {
      return orderEvent.parse(JSON.parse(message.content.toString())); //= return: no  parser
    } catch (err) { //= catch: yes  contract break of the sender leaves no trace at all
      return undefined; //= return: no  parser answer, the caller decides
    }
  }

  private async dispatch(event: OrderEvent): Promise<void> {
    const { order } = event;
    if (event.type === 'order.noted') return; //= return: no  type filter

    switch (event.type) {
      case 'order.placed': {
        await this.reservations.reserve(order);
        return; //= return: no  branch done
      }
      case 'order.cancelled': {
        const shipment = await this.shipments.findByOrder(order.id);
        if (shipment?.handedOverAt) return; //= return: yes  parcel leaves in spite of the cancellation, nothing recorded
        await this.reservations.release(order.id, 'cancelled');
        if (shipment) await this.shipments.cancel(shipment.id);
        return; //= return: no  branch done
      }
      case 'order.paid':
        await this.onPaid(order.id, order.customerId);
        break;
      default:
        await this.reservations.release(order.id, 'changed');
        await this.reservations.reserve(order);
    }
  }

  private async onPaid(orderId: string, customerId: string): Promise<void> {
    const customer = await this.customers.get(customerId).catch((err: unknown) => { //= catch: no  logged with ids, then a fallback
      this.logger.warn('customer lookup failed', { err, customerId, orderId });
      return null;
    });
    if (customer?.blocked) {
      this.logger.info('shipment held, customer is blocked', { orderId, customerId });
      return; //= return: no  logged above
    }
    const existing = await this.shipments.findByOrder(orderId);
    if (existing) return; //= return: no  idempotent, the shipment is there already
    if (!(await this.shipments.addressComplete(orderId))) return; //= return: yes  paid order is never shipped, unexplained
    await this.shipments.create(orderId);
  }

  async onReturnAnnounced({ orderId, lines }: { orderId: string; lines: { sku: string; quantity: number }[] }): Promise<void> {
    const shipment = await this.shipments.findByOrder(orderId);
    if (shipment == null) return; //= return: yes  announced return has no shipment, dock will not expect it
    const window = await this.customers.returnWindow(shipment.customerId);
    if (Date.now() > shipment.handedOverAt + window) return; //= return: yes  return outside of its window is refused without a word
    await this.shipments.createReturn(shipment.id, lines);
  }
}
