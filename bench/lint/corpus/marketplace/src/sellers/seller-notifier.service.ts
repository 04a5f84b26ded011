import { HttpService } from '@nestjs/axios'
import { Injectable, Logger } from '@nestjs/common'
import type { OrderPart, Seller } from '@prisma/client'
import { createHmac } from 'node:crypto'
import { firstValueFrom } from 'rxjs'
import { PrismaService } from '../common/prisma.service'
import { MailQueue } from '../common/mail.queue'
import { PushGateway } from '../common/push.gateway'

@Injectable()
export class SellerNotifier {
  private readonly logger = new Logger(SellerNotifier.name)

  constructor(
    private readonly prisma: PrismaService,
    private readonly http: HttpService,
    private readonly mails: MailQueue,
    private readonly push: PushGateway,
  ) {}

  async newOrder(part: OrderPart): Promise<void> {
    const seller = await this.prisma.seller.findUnique({
      where: { id: part.sellerId },
      include: { preferences: true, devices: true },
    })
    if (!seller) return //= return: yes  an order whose seller is gone, and nobody is notified
    await this.callWebhook(seller, { type: 'order.new', partId: part.id })
    if (!seller.preferences?.orderMails) return //= return: yes  e-mail and push dropped by preference, why did the seller get none
    await this.mails.add({ to: seller.email, template: 'new-order', partId: part.id })
    if (seller.devices.length === 0) return //= return: no  emptiness, no device registered
    await Promise.all(seller.devices.map((device) => this.push.send(device.token, 'New order')))
  }

  private async callWebhook(seller: Seller, body: object): Promise<void> {
    if (!seller.webhookUrl) return //= return: no  optional feature absent
    const payload = JSON.stringify(body)
    const signature = createHmac('sha256', seller.webhookSecret ?? '').update(payload).digest('hex')
    this.logger.debug({ event: 'webhook_call', url: seller.webhookUrl, webhookSecret: seller.webhookSecret }) //= no-sensitive-fields  secret in a log
    try {
      await firstValueFrom(this.http.post(seller.webhookUrl, payload, { headers: { 'x-signature': signature }, timeout: 5000 }))
    } catch (e) { //= catch: no  logged, although as text
      this.logger.warn(`Webhook of seller ${seller.id} failed: ${e}`) //= error-with-context  error in an interpolated string //= structured-event  interpolated message
    }
  }

  async digest(sellerId: string, since: Date): Promise<boolean> {
    const { preferences, email, locale } = await this.prisma.seller.findUniqueOrThrow({
      where: { id: sellerId },
      include: { preferences: true },
    })
    if (preferences?.digest === 'never') return false //= return: maybe  opted out, false says only that none was sent
    const parts = await this.prisma.orderPart.findMany({ where: { sellerId, createdAt: { gte: since } } })
    const questions = await this.prisma.question.count({ where: { sellerId, answeredAt: null } })
    if (!parts.length && !questions) return false //= return: no  nothing to tell
    await this.mails.add({ to: email, template: `digest.${locale}`, parts: parts.length, questions })
    return true
  }
}
