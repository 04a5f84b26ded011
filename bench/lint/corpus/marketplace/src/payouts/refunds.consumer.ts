import { Controller, Logger } from '@nestjs/common'
import { Ctx, EventPattern, KafkaContext, Payload } from '@nestjs/microservices'
import { PrismaService } from '../common/prisma.service'
import { MailQueue } from '../common/mail.queue'
import { PaymentProvider, ProviderError } from './payment.provider'
import { LedgerService } from './ledger.service'

interface RefundRequested {
  refundId: string
  partId: string
  cents: number
}

@Controller()
export class RefundsConsumer {
  private readonly log = new Logger(RefundsConsumer.name)

  constructor(
    private readonly prisma: PrismaService,
    private readonly provider: PaymentProvider,
    private readonly ledger: LedgerService,
    private readonly mails: MailQueue,
  ) {}

  @EventPattern('refunds.requested')
  async onRequested(@Payload() event: RefundRequested, @Ctx() context: KafkaContext): Promise<void> {
    const done = await this.prisma.refund.findUnique({ where: { id: event.refundId } })
    if (done?.state === 'DONE') return //= return: no  idempotent
    const part = await this.prisma.orderPart.findUnique({
      where: { id: event.partId },
      include: { order: { include: { payment: true, buyer: true } } },
    })
    const payment = part?.order.payment
    if (!payment) return //= return: yes  the buyer's refund is dropped for lack of a payment
    if (payment.method === 'INVOICE' && !payment.settledAt) {
      return //= return: yes  an unpaid invoice is not refunded, nor written down anywhere
    }
    const refunded = await this.prisma.refund.aggregate({ where: { partId: event.partId }, _sum: { cents: true } })
    if ((refunded._sum.cents ?? 0) + event.cents > part.totalCents) {
      this.log.error({ event: 'refund_exceeds_total', refundId: event.refundId, partId: event.partId })
      return //= return: no  logged
    }

    let reference: string
    try {
      reference = await this.provider.refund(payment.providerId, event.cents, { key: event.refundId })
    } catch (err) { //= catch: no  stored where final, else rethrown with cause
      if (err instanceof ProviderError && err.final) {
        await this.prisma.refund.update({ where: { id: event.refundId }, data: { state: 'REFUSED', reason: err.code } })
        return //= return: no  refusal stored with its code
      }
      throw new Error('refund not accepted', { cause: err })
    }
    context.getHeartbeat()
    await this.prisma.refund.update({ where: { id: event.refundId }, data: { state: 'DONE', reference } })
    await this.ledger.book({ sellerId: part.sellerId, total: -event.cents, transferId: reference })
    if (part.order.buyer.deletedAt) return //= return: yes  refund done, but its notice is left out without a word
    await this.mails.add({ to: part.order.buyer.email, template: 'refund', cents: event.cents })
  }

  @EventPattern('chargebacks.received')
  async onChargeback(@Payload() { providerId, cents }: { providerId: string; cents: number }) {
    const payment = await this.prisma.payment.findFirst({ where: { providerId }, include: { order: { include: { parts: true } } } })
    if (payment === null) return //= return: yes  a chargeback of an unknown payment costs money unseen
    const [part] = payment.order.parts
    if (payment.order.parts.length > 1) {
      await this.prisma.manualTask.create({ data: { kind: 'CHARGEBACK', orderId: payment.orderId } })
      return //= return: no  branch done, handed to a person
    }
    await this.ledger.book({ sellerId: part.sellerId, total: -cents, transferId: providerId })
    await this.prisma.seller.update({ where: { id: part.sellerId }, data: { chargebacks: { increment: 1 } } }).catch((err) => { //= catch: no  logged
      this.log.warn({ event: 'chargeback_not_counted', err, sellerId: part.sellerId })
    })
  }
}
