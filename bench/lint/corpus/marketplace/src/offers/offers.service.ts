import { Injectable, Logger } from '@nestjs/common'
import type { Offer } from '@prisma/client'
import { PrismaService } from '../common/prisma.service'
import { CacheService } from '../common/cache.service'
import { KafkaProducer } from '../messaging/kafka.producer'
import { ModerationClient } from './moderation.client'

@Injectable()
export class OffersService {
  private readonly logger = new Logger(OffersService.name)

  constructor(
    private readonly prisma: PrismaService,
    private readonly cache: CacheService,
    private readonly producer: KafkaProducer,
    private readonly moderation: ModerationClient,
  ) {}

  async byId(id: string): Promise<Offer | null> {
    const cached = await this.cache.get<Offer>(`offer:${id}`)
    if (cached) return cached //= return: no  cache hit
    const offer = await this.prisma.offer.findUnique({ where: { id } })
    if (!offer) return null //= return: no  getter
    await this.cache.set(`offer:${id}`, offer, 300)
    return offer
  }

  async publish(id: string): Promise<'published' | 'in_review' | 'unchanged'> {
    const offer = await this.prisma.offer.findUniqueOrThrow({ where: { id } })
    if (offer.published) return 'unchanged' //= return: no  idempotent, said in the result
    const verdict = await this.moderation.check(offer.title, offer.description)
    if (verdict.flagged) {
      await this.prisma.moderationCase.create({ data: { offerId: id, labels: verdict.labels } })
      return 'in_review' //= return: no  result carries the reason
    }
    await this.prisma.offer.update({ where: { id }, data: { published: true } })
    await this.producer.emit('offers.changed', { offerId: id, kind: 'updated', at: new Date().toISOString() })
    return 'published'
  }

  async applyPrice(offerId: string, cents: number): Promise<void> {
    const offer = await this.prisma.offer.findUnique({ where: { id: offerId } })
    if (offer?.priceCents === cents) return //= return: no  unchanged
    if (!offer || offer.archivedAt) return //= return: maybe  price feeds often hold archived offers, yet an unknown offer is odd
    const jump = Math.abs(cents - offer.priceCents) / offer.priceCents
    if (jump > 0.9) {
      return //= return: yes  a suspicious price is dropped, the seller will ask
    }
    await this.prisma.offer.update({ where: { id: offerId }, data: { priceCents: cents } })
    await this.cache.del(`offer:${offerId}`)
  }

  async expire(now = new Date()): Promise<number> {
    const due = await this.prisma.offer.findMany({ where: { published: true, expiresAt: { lt: now } }, take: 1000 })
    if (due.length === 0) return 0 //= return: no  nothing to do
    await this.prisma.offer.updateMany({ where: { id: { in: due.map((offer) => offer.id) } }, data: { published: false } })
    for (const offer of due) {
      await this.cache.del(`offer:${offer.id}`).catch((err) => { //= catch: no  logged, although as text
        this.logger.warn('cache not cleared: ' + err.message) //= error-with-context  error.message as text //= structured-event  concatenated message
      })
    }
    this.logger.log({ event: 'offers_expired', count: due.length })
    return due.length
  }
}
