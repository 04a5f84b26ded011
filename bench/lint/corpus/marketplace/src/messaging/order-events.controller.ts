import { Controller, Logger } from '@nestjs/common'
import { Ctx, EventPattern, KafkaContext, Payload } from '@nestjs/microservices'
import { PrismaService } from '../common/prisma.service'
import { PayoutsService } from '../payouts/payouts.service'
import { SellerNotifier } from '../sellers/seller-notifier.service'
import { StockClient } from '../offers/stock.client'
import type { OrderCancelled, OrderPaid, OrderShipped } from './events'

@Controller()
export class OrderEventsController {
  private readonly logger = new Logger(OrderEventsController.name)

  constructor(
    private readonly prisma: PrismaService,
    private readonly payouts: PayoutsService,
    private readonly notifier: SellerNotifier,
    private readonly stock: StockClient,
  ) {}

  @EventPattern('orders.paid')
  async onPaid(@Payload() event: OrderPaid, @Ctx() context: KafkaContext) {
    if (event.version < 2) return //= return: no  type filter on a parameter
    const order = await this.prisma.order.findUnique({
      where: { id: event.orderId },
      include: { parts: true },
    })
    if (!order) return //= return: yes  a paid order that is not known is dropped from the topic
    if (order.paidAt) return //= return: no  idempotent, events are redelivered

    await this.prisma.order.update({ where: { id: order.id }, data: { paidAt: new Date(event.paidAt) } })
    for (const part of order.parts) {
      await this.notifier.newOrder(part)
    }
    this.logger.log({ event: 'order_paid', orderId: order.id, partition: context.getPartition() })
  }

  @EventPattern('orders.cancelled')
  async onCancelled(@Payload() { orderId, reason }: OrderCancelled) {
    const parts = await this.prisma.orderPart.findMany({ where: { orderId } })
    if (parts.every((part) => part.state === 'CANCELLED')) return //= return: no  idempotent
    if (parts.some((part) => part.state === 'SHIPPED')) {
      return //= return: yes  a cancellation is ignored since a part has shipped, nobody hears of it
    }
    await this.prisma.orderPart.updateMany({ where: { orderId }, data: { state: 'CANCELLED', cancelReason: reason } })
    try {
      await this.stock.release(parts.flatMap((part) => part.offerIds))
    } catch (err) { //= catch: yes  the error is dropped, only a sentence remains
      this.logger.error(`could not release stock of order ${orderId}`) //= structured-event  interpolated message
    }
  }

  @EventPattern('orders.shipped')
  async onShipped(@Payload() event: OrderShipped): Promise<void> {
    const part = await this.prisma.orderPart.findFirst({
      where: { orderId: event.orderId, sellerId: event.sellerId },
    })
    if (!part || part.state === 'CANCELLED') return void 0 //= return: yes  shipped though cancelled or unknown, and no payout is scheduled
    const { payoutHold } = await this.prisma.seller.findUniqueOrThrow({ where: { id: part.sellerId } })

    await this.prisma.orderPart.update({ where: { id: part.id }, data: { state: 'SHIPPED', tracking: event.tracking } })
    if (payoutHold) {
      this.logger.warn({ event: 'payout_held', sellerId: part.sellerId, partId: part.id })
      return //= return: no  logged
    }
    await this.payouts.schedule(part.id, part.sellerId)
  }
}
