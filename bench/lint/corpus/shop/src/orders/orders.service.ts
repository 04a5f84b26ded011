import { ConflictException, Injectable, Logger, NotFoundException } from '@nestjs/common';
import { EventEmitter2 } from '@nestjs/event-emitter';
import { InjectRepository } from '@nestjs/typeorm';
import { DataSource, Repository } from 'typeorm';
import { CartsService } from '../carts/carts.service';
import { InventoryService } from '../inventory/inventory.service';
import { MetricsService } from '../metrics/metrics.service';
import { PaymentsService } from '../payments/payments.service';
import { PlaceOrderDto } from './dto/place-order.dto';
import { Order, OrderStatus } from './order.entity';
import { OrderLine } from './order-line.entity';

export type CancelResult = { ok: true } | { ok: false; reason: 'not_found' | 'already_shipped' };

@Injectable()
export class OrdersService {
  private readonly logger = new Logger(OrdersService.name);

  constructor(
    @InjectRepository(Order) private readonly orders: Repository<Order>,
    private readonly dataSource: DataSource,
    private readonly carts: CartsService,
    private readonly inventory: InventoryService,
    private readonly payments: PaymentsService,
    private readonly events: EventEmitter2,
    private readonly metrics: MetricsService,
  ) {}

  async place(customerId: string, dto: PlaceOrderDto): Promise<Order> {
    const existing = await this.orders.findOneBy({ idempotencyKey: dto.idempotencyKey });
    if (existing) {
      return existing; //= return: no  idempotent, the order placed before
    }

    const cart = await this.carts.getOrFail(customerId);
    if (cart.lines.length === 0) {
      throw new ConflictException('Cart is empty');
    }

    const order = await this.dataSource.transaction(async (manager) => {
      const created = await manager.save(Order, { customerId, idempotencyKey: dto.idempotencyKey, status: OrderStatus.Placed });
      await manager.save(OrderLine, cart.lines.map((line) => ({ ...line, orderId: created.id })));
      await this.inventory.reserve(manager, created.id, cart.lines);
      return created;
    });

    this.metrics.ordersPlaced.inc({ channel: dto.channel, customer: customerId }); //= bounded-labels  customer id as label
    this.logger.log({ orderId: order.id, lines: cart.lines.length }, 'order placed');
    this.events.emit('order.placed', { orderId: order.id });
    return order;
  }

  async cancel(orderId: string, customerId: string): Promise<CancelResult> {
    const order = await this.orders.findOneBy({ id: orderId, customerId });
    if (!order) return { ok: false, reason: 'not_found' }; //= return: no  carries the reason
    if (order.status === OrderStatus.Shipped) {
      return { ok: false, reason: 'already_shipped' }; //= return: no  carries the reason
    }

    await this.inventory.release(order.id);
    await this.orders.update(order.id, { status: OrderStatus.Cancelled });
    this.events.emit('order.cancelled', { orderId });
    return { ok: true };
  }

  async capture(orderId: string): Promise<void> {
    const order = await this.orders.findOneBy({ id: orderId });
    if (!order) throw new NotFoundException();

    if (order.status !== OrderStatus.Placed || order.capturedAt) {
      return; //= return: yes  money is not captured and nothing says why
    }

    try {
      await this.payments.capture(order.paymentId, order.total);
    } catch (err) { //= catch: no  logged, state kept
      this.logger.error({ err, orderId }, 'capture failed');
      await this.orders.update(orderId, { status: OrderStatus.PaymentFailed });
      return; //= return: no  logged
    }
    await this.orders.update(orderId, { capturedAt: new Date(), status: OrderStatus.Paid });
    this.events.emit('order.paid', { orderId });
  }

  async mergeGuestOrders(customerId: string, email: string): Promise<number> {
    const guest = await this.orders.findBy({ guestEmail: email, customerId: undefined });
    if (!guest.length) return 0; //= return: no  nothing to merge, the number says so
    await this.orders.update(guest.map((o) => o.id), { customerId });
    return guest.length;
  }
}
