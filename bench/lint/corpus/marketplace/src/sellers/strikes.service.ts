import { Injectable, Logger } from '@nestjs/common'
import { Cron } from '@nestjs/schedule'
import { InjectMetric } from '@willsoto/nestjs-prometheus'
import type { Counter } from 'prom-client'
import { PrismaService } from '../common/prisma.service'
import { KafkaProducer } from '../messaging/kafka.producer'
import { MailQueue } from '../common/mail.queue'

const LIMIT = 3

@Injectable()
export class StrikesService {
  private readonly logger = new Logger(StrikesService.name)

  constructor(
    private readonly prisma: PrismaService,
    private readonly producer: KafkaProducer,
    private readonly mails: MailQueue,
    @InjectMetric('strikes_total') private readonly strikes: Counter,
  ) {}

  async strike(sellerId: string, reason: string, partId?: string): Promise<void> {
    const seller = await this.prisma.seller.findUnique({ where: { id: sellerId } })
    if (!seller || seller.protectedUntil! > new Date()) return //= return: yes  no strike: an unknown and a protected seller look alike
    if (partId) {
      const earlier = await this.prisma.strike.findFirst({ where: { sellerId, partId } })
      if (earlier) return //= return: no  idempotent
    }
    await this.prisma.strike.create({ data: { sellerId, reason, partId } })
    this.strikes.inc({ reason, seller: seller.displayName }) //= bounded-labels  seller's name as a label value
    const count = await this.prisma.strike.count({ where: { sellerId, liftedAt: null } })
    if (count < LIMIT) return //= return: no  threshold not reached
    if (seller.tier === 'GOLD') return //= return: yes  a seller over the limit is spared because of the tier, invisibly
    await this.suspend(sellerId, reason)
  }

  private async suspend(sellerId: string, reason: string): Promise<void> {
    const { email, suspended } = await this.prisma.seller.findUniqueOrThrow({ where: { id: sellerId } })
    if (suspended) return //= return: no  idempotent
    await this.prisma.seller.update({ where: { id: sellerId }, data: { suspended: true } })
    await this.producer.emit('sellers.suspended', { sellerId, reason })
    try {
      await this.mails.add({ to: email, template: 'suspended', reason })
    } catch { //= catch: yes  the seller is suspended without a letter and nobody knows
      this.logger.warn('Suspension mail was not queued')
    }
  }

  @Cron('30 2 * * *')
  async lift(): Promise<number> {
    const old = await this.prisma.strike.findMany({
      where: { liftedAt: null, createdAt: { lt: new Date(Date.now() - 180 * 86_400_000) } },
      take: 500,
    })
    if (!old.length) return 0 //= return: no  nothing to do
    let lifted = 0
    for (const { id, sellerId } of old) {
      const open = await this.prisma.dispute.count({ where: { part: { sellerId }, state: 'OPEN' } })
      if (open > 0) continue
      await this.prisma.strike.update({ where: { id }, data: { liftedAt: new Date() } })
      lifted++
    }
    this.logger.log(`Lifted ${lifted} strikes`) //= structured-event  interpolated message
    return lifted
  }
}
