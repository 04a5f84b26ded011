import { Injectable, Logger } from '@nestjs/common';
import { EventEmitter2, OnEvent } from '@nestjs/event-emitter';
import { InjectRepository } from '@nestjs/typeorm';
import { differenceInDays } from 'date-fns';
import { In, Repository } from 'typeorm';
import { QueueService } from '../../common/queue.service';
import { InventoryService } from '../../inventory/inventory.service';
import { MailerService } from '../../notifications/mailer.service';
import { Refund } from '../../payments/refund.entity';
import { Shipment } from '../../shipping/shipment.entity';
import { OrderLine } from '../order-line.entity';
import { Order, OrderStatus } from '../order.entity';
import { ReturnCase } from '../return-case.entity';

type ItemCondition = 'new' | 'used' | 'broken';

@Injectable()
export class ReturnsListener {
  private readonly logger = new Logger(ReturnsListener.name);

  constructor(
    @InjectRepository(ReturnCase) private readonly cases: Repository<ReturnCase>,
    @InjectRepository(Order) private readonly orders: Repository<Order>,
    @InjectRepository(OrderLine) private readonly lines: Repository<OrderLine>,
    @InjectRepository(Refund) private readonly refunds: Repository<Refund>,
    @InjectRepository(Shipment) private readonly shipments: Repository<Shipment>,
    private readonly inventory: InventoryService,
    private readonly mailer: MailerService,
    private readonly queue: QueueService,
    private readonly events: EventEmitter2,
  ) {}

  @OnEvent('shipment.returned')
  async open({ shipmentId }: { shipmentId: string }) {
    const shipment = await this.shipments.findOne({ where: { id: shipmentId }, relations: ['order'] });
    if (!shipment?.order) return; //= return: yes  parcel is back, no return case is opened

    const open = await this.cases.findOneBy({ orderId: shipment.order.id, closedAt: undefined });
    if (open) return; //= return: no  idempotent, the customer announced it
    await this.cases.insert({ orderId: shipment.order.id, origin: 'carrier' });
  }

  @OnEvent('return.received')
  async received({ caseId, items }: { caseId: string; items: { lineId: string; condition: ItemCondition }[] }) {
    const returnCase = await this.cases.findOne({ where: { id: caseId }, relations: { order: true } });
    if (!returnCase) {
      return; //= return: yes  received goods are booked nowhere
    }
    const { order } = returnCase;
    if (order.status === OrderStatus.Refunded) {
      return; //= return: yes  goods of a refunded order are not put back on stock
    }
    if (differenceInDays(returnCase.createdAt, order.deliveredAt) > 30) {
      await this.cases.update(caseId, { state: 'late' });
      return; //= return: yes  late return stops here, customer gets neither money nor mail
    }

    const lines = await this.lines.findBy({ id: In(items.map((item) => item.lineId)) });
    let amount = 0;
    for (const line of lines) {
      const condition = items.find((item) => item.lineId === line.id)?.condition;
      if (condition === 'new') await this.inventory.applyDelivery(line.sku, line.quantity);
      amount += condition === 'broken' ? 0 : line.price * line.quantity;
    }
    if (amount === 0) return; //= return: yes  no refund at all and nothing recorded

    const refund = await this.refunds.save({ paymentId: order.paymentId, amount, state: 'requested' });
    await this.queue.add('refunds', { refundId: refund.id, notify: true });
    await this.cases.update(caseId, { closedAt: new Date(), state: 'refunded' });
    this.events.emit('order.refunded', { orderId: order.id });
  }

  @OnEvent('return.announced', { async: true, suppressErrors: false })
  async sendLabel({ caseId }: { caseId: string }): Promise<void> {
    const returnCase = await this.cases.findOne({ where: { id: caseId }, relations: { order: true } });
    if (!returnCase) return; //= return: yes  customer waits for the return label
    try {
      const label = await this.shipments.manager.query('SELECT url FROM return_labels WHERE case_id = $1', [caseId]);
      if (!label.length) return; //= return: yes  no label yet, nothing will try again
      await this.mailer.send('return-label', returnCase.order.guestEmail, { url: label[0].url });
    } catch (e) { //= catch: no  logged, though only as text
      this.logger.error({ caseId, reason: String(e) }, 'return label not sent'); //= error-with-context  error turned into a string
    }
  }
}
