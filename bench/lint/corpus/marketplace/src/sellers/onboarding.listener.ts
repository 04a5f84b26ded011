import { Injectable, Logger } from '@nestjs/common'
import { OnEvent } from '@nestjs/event-emitter'
import { PrismaService } from '../common/prisma.service'
import { KycClient } from './kyc.client'
import { MailQueue } from '../common/mail.queue'
import { CrmClient } from '../common/crm.client'

type KycUpdate = { applicantId: string; status: 'approved' | 'rejected' | 'pending'; labels?: string[] }

@Injectable()
export class OnboardingListener {
  private readonly logger = new Logger(OnboardingListener.name)

  constructor(
    private readonly prisma: PrismaService,
    private readonly kyc: KycClient,
    private readonly mails: MailQueue,
    private readonly crm: CrmClient,
  ) {}

  @OnEvent('seller.registered', { async: true })
  async onRegistered({ sellerId }: { sellerId: string }) {
    const seller = await this.prisma.seller.findUnique({ where: { id: sellerId } })
    if (!seller) return //= return: yes  no identity check starts for the new seller
    if (seller.country !== 'DE' && seller.country !== 'AT') {
      await this.prisma.seller.update({ where: { id: sellerId }, data: { state: 'MANUAL_REVIEW' } })
      return //= return: no  branch done
    }
    const applicantId = await this.kyc.createApplicant({ name: seller.legalName, reference: sellerId })
    await this.prisma.seller.update({ where: { id: sellerId }, data: { applicantId, state: 'KYC' } })
  }

  @OnEvent('kyc.updated', { async: true })
  async onKyc(update: KycUpdate) {
    if (update.status === 'pending') return //= return: no  type filter on a parameter
    const seller = await this.prisma.seller.findFirst({ where: { applicantId: update.applicantId } })
    if (!seller) {
      this.logger.warn({ event: 'kyc_unknown_applicant', applicantId: update.applicantId })
      return //= return: no  logged
    }
    if (seller.state === 'ACTIVE') return //= return: no  idempotent, done already
    if (update.status === 'rejected') {
      await this.prisma.seller.update({ where: { id: seller.id }, data: { state: 'REJECTED', labels: update.labels ?? [] } })
      await this.mails.add({ to: seller.email, template: 'kyc-rejected' })
      return //= return: no  branch done
    }
    const contract = await this.prisma.contract.findFirst({ where: { sellerId: seller.id, signedAt: { not: null } } })
    if (!contract) return //= return: yes  approved but not activated for lack of a signed contract, unseen
    await this.prisma.seller.update({ where: { id: seller.id }, data: { state: 'ACTIVE' } })
    await this.mails.add({ to: seller.email, template: 'welcome' })
    try {
      await this.crm.upsert({ externalId: seller.id, email: seller.email })
    } catch { //= catch: yes  the CRM stays without the seller and no one knows
      return //= return: no  nothing follows
    }
  }
}
