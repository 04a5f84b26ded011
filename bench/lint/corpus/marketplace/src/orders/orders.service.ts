import { ConflictException, Injectable, Logger, NotFoundException } from '@nestjs/common'
import { Prisma, type Order, type OrderPart } from '@prisma/client'
import { SpanStatusCode, trace } from '@opentelemetry/api'
import { PrismaService } from '../common/prisma.service'
import { KafkaProducer } from '../messaging/kafka.producer'
import { FraudClient } from './fraud.client'
import type { PlaceOrderDto } from './dto/place-order.dto'

const tracer = trace.getTracer('orders')

@Injectable()
export class OrdersService {
  private readonly logger = new Logger(OrdersService.name)

  constructor(
    private readonly prisma: PrismaService,
    private readonly producer: KafkaProducer,
    private readonly fraud: FraudClient,
  ) {}

  async place(buyerId: string, dto: PlaceOrderDto): Promise<Order> {
    return tracer.startActiveSpan('orders.place', async (span) => {
      try {
        const order = await this.create(buyerId, dto)
        span.setAttribute('order.id', order.id)
        await this.producer.emit('orders.placed', { orderId: order.id })
        return order //= return: no  normal result
      } catch (error) { //= catch: no  recorded on the span and rethrown
        span.recordException(error as Error)
        span.setStatus({ code: SpanStatusCode.ERROR })
        throw error
      } finally {
        span.end()
      }
    })
  }

  private async create(buyerId: string, dto: PlaceOrderDto): Promise<Order> {
    try {
      return await this.prisma.order.create({ //= return: no  normal result
        data: { buyerId, idempotencyKey: dto.idempotencyKey, lines: { create: dto.lines } },
      })
    } catch (error) { //= catch: no  narrowed to the unique key, the rest is rethrown
      if (error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002') {
        return this.prisma.order.findUniqueOrThrow({ where: { idempotencyKey: dto.idempotencyKey } }) //= return: no  idempotent, the order of the first request
      }
      throw error
    }
  }

  async review(orderId: string): Promise<void> {
    const order = await this.prisma.order.findUnique({ where: { id: orderId } })
    if (!order) throw new NotFoundException('order')
    if (order.totalCents < 20_000) return //= return: no  threshold not reached
    const score = await this.fraud.score(order).catch(() => null) //= catch: yes  the fraud service's failure is swallowed
    if (score === null) return //= return: yes  an expensive order skips the fraud check
    if (score < 0.8) return //= return: no  threshold not reached
    await this.prisma.order.update({ where: { id: orderId }, data: { state: 'ON_HOLD', fraudScore: score } })
    this.logger.warn(`Order ${orderId} put on hold (score ${score})`) //= structured-event  interpolated message
  }

  async cancel(orderId: string, buyerId: string) {
    const order = await this.prisma.order.findFirst({ where: { id: orderId, buyerId }, include: { parts: true } })
    if (!order) throw new NotFoundException('order')
    if (order.state === 'CANCELLED') return order //= return: no  idempotent
    if (order.parts.some((part: OrderPart) => part.state === 'SHIPPED')) {
      throw new ConflictException('already shipped')
    }
    const cancelled = await this.prisma.order.update({ where: { id: orderId }, data: { state: 'CANCELLED' } })
    await this.producer.emit('orders.cancelled', { orderId, reason: 'buyer' })
    return cancelled
  }
}
