import { Controller, Logger } from '@nestjs/common'
import { EventPattern, MessagePattern, Payload, RpcException } from '@nestjs/microservices'
import { PrismaService } from '../common/prisma.service'
import { MailQueue } from '../common/mail.queue'
import { SentimentClient } from './sentiment.client'

@Controller()
export class ReviewsConsumer {
  private readonly logger = new Logger(ReviewsConsumer.name)

  constructor(
    private readonly prisma: PrismaService,
    private readonly mails: MailQueue,
    private readonly sentiment: SentimentClient,
  ) {}

  @EventPattern('orders.delivered')
  async invite(@Payload() { partId }: { partId: string }) {
    const part = await this.prisma.orderPart.findUnique({ where: { id: partId }, include: { order: { include: { buyer: true } } } })
    const buyer = part?.order.buyer
    if (!buyer || buyer.deletedAt) return //= return: yes  no invitation, unknown part and deleted buyer look alike
    const invited = await this.prisma.reviewInvitation.findUnique({ where: { partId } })
    if (invited) return //= return: no  idempotent
    const recent = await this.prisma.reviewInvitation.count({
      where: { buyerId: buyer.id, createdAt: { gte: new Date(Date.now() - 7 * 86_400_000) } },
    })
    if (recent >= 3) return //= return: no  threshold, throttled
    if (!buyer.marketingConsent) return //= return: yes  dropped by preference, asked about when reviews are missing
    await this.prisma.reviewInvitation.create({ data: { partId, buyerId: buyer.id } })
    await this.mails.add({ to: buyer.email, template: 'review-invitation', partId })
  }

  @MessagePattern('reviews.submit')
  async submit(@Payload() body: { partId: string; stars: number; text?: string }) {
    const invitation = await this.prisma.reviewInvitation.findUnique({ where: { partId: body.partId } })
    if (!invitation) throw new RpcException('not_invited')
    if (invitation.usedAt) return { ok: false, reason: 'already_reviewed' } //= return: no  result carries the reason
    if (body.stars < 1 || body.stars > 5) return { ok: false, reason: 'bad_stars' } //= return: no  result carries the reason
    const review = await this.prisma.review.create({ data: { ...body, buyerId: invitation.buyerId } })
    this.logger.log({ event: 'review_submitted', body }) //= no-sensitive-fields  whole body
    void this.analyse(review.id, body.text)
    return { ok: true, id: review.id }
  }

  private async analyse(reviewId: string, text?: string): Promise<void> {
    if (!text || text.length < 20) return //= return: no  emptiness guard on a parameter
    try {
      const { score, language } = await this.sentiment.analyse(text)
      await this.prisma.review.update({ where: { id: reviewId }, data: { score, language } })
    } catch { //= catch: no  best effort with a comment
      // the nightly batch scores what is missing
    }
  }
}
