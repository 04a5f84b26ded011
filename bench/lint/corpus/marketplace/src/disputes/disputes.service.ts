import { ForbiddenException, Injectable, Logger } from '@nestjs/common'
import { Interval } from '@nestjs/schedule'
import type { Dispute } from '@prisma/client'
import { PrismaService } from '../common/prisma.service'
import { RefundsClient } from './refunds.client'
import { MailQueue } from '../common/mail.queue'

@Injectable()
export class DisputesService {
  private readonly logger = new Logger(DisputesService.name)
  private running = false

  constructor(
    private readonly prisma: PrismaService,
    private readonly refunds: RefundsClient,
    private readonly mails: MailQueue,
  ) {}

  private canDecide(dispute: Dispute, agentId: string): boolean {
    if (dispute.state !== 'OPEN') return false //= return: no  predicate
    if (!dispute.agentId) return true //= return: no  predicate
    return dispute.agentId === agentId
  }

  async decide(dispute: Dispute, agentId: string, inFavourOf: 'buyer' | 'seller') {
    if (!this.canDecide(dispute, agentId)) throw new ForbiddenException()
    if (inFavourOf === 'seller') {
      await this.prisma.dispute.update({ where: { id: dispute.id }, data: { state: 'CLOSED', inFavourOf } })
      return { refunded: false } //= return: no  branch done, said in the result
    }
    try {
      await this.refunds.refund(dispute.partId, dispute.amountCents)
    } catch (error) { //= catch: yes  wrapped without cause, the refund's failure is lost
      throw new Error(`refund of dispute ${dispute.id} failed`) //= error-with-context  new Error in a catch without cause
    }
    await this.prisma.dispute.update({ where: { id: dispute.id }, data: { state: 'CLOSED', inFavourOf } })
    return { refunded: true }
  }

  @Interval(300_000)
  async escalate() {
    if (this.running) return Promise.resolve() //= return: no  reentrancy guard
    this.running = true
    try {
      const waiting = await this.prisma.dispute.findMany({ where: { state: 'WAITING_SELLER', dueAt: { lt: new Date() } } })
      for (const dispute of waiting) await this.escalateOne(dispute)
    } catch (err) { //= catch: no  logged with its stack as Nest does
      this.logger.error('Escalation of disputes failed', (err as Error).stack)
    } finally {
      this.running = false
    }
  }

  private async escalateOne(dispute: Dispute): Promise<void> {
    const answer = await this.prisma.disputeMessage.findFirst({ where: { disputeId: dispute.id, author: 'SELLER' } })
    if (answer) return //= return: no  answered meanwhile, filter by state
    const agent = await this.prisma.agent.findFirst({ where: { onDuty: true }, orderBy: { openDisputes: 'asc' } })
    if (agent === null) return //= return: yes  a late dispute is not escalated as nobody is on duty
    await this.prisma.dispute.update({ where: { id: dispute.id }, data: { state: 'OPEN', agentId: agent.id } })
    await this.mails.add({ to: agent.email, template: 'dispute-escalated', disputeId: dispute.id })
  }
}
