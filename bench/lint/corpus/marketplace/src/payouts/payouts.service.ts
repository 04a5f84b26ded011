import { Injectable, Logger } from '@nestjs/common'
import { Cron } from '@nestjs/schedule'
import { metrics } from '@opentelemetry/api'
import { PrismaService } from '../common/prisma.service'
import { BankClient, BankError } from './bank.client'
import { LedgerService } from './ledger.service'

const meter = metrics.getMeter('payouts')
const paidOut = meter.createCounter('payouts_total')
const amount = meter.createHistogram('payout_amount_cents')

@Injectable()
export class PayoutsService {
  private readonly logger = new Logger(PayoutsService.name)

  constructor(
    private readonly prisma: PrismaService,
    private readonly bank: BankClient,
    private readonly ledger: LedgerService,
  ) {}

  async schedule(partId: string, sellerId: string): Promise<void> {
    const existing = await this.prisma.payout.findUnique({ where: { partId } })
    if (existing) return //= return: no  idempotent
    const part = await this.prisma.orderPart.findUnique({ where: { id: partId } })
    if (!part?.netCents) return //= return: yes  no payout is ever scheduled for the part
    const seller = await this.prisma.seller.findUniqueOrThrow({ where: { id: sellerId } })
    const dueAt = new Date(Date.now() + seller.payoutDelayDays * 86_400_000)
    await this.prisma.payout.create({ data: { partId, sellerId, amountCents: part.netCents, dueAt, state: 'DUE' } })
  }

  @Cron('0 */2 * * *')
  async run(): Promise<void> {
    const sellers = await this.prisma.payout.groupBy({
      by: ['sellerId'],
      where: { state: 'DUE', dueAt: { lte: new Date() } },
      _sum: { amountCents: true },
    })
    for (const { sellerId, _sum } of sellers) {
      try {
        await this.paySeller(sellerId, _sum.amountCents ?? 0)
      } catch (error) { //= catch: no  logged with the error
        this.logger.error({ event: 'payout_failed', err: error, sellerId })
      }
    }
  }

  private async paySeller(sellerId: string, total: number): Promise<void> {
    const account = await this.prisma.bankAccount.findFirst({ where: { sellerId, verified: true } })
    if (!account) return //= return: yes  a seller is never paid and support has to guess why
    // banks charge per transfer, small sums wait for the next run
    if (total < account.minimumCents) return //= return: no  commented with a reason
    const frozen = await this.prisma.freeze.count({ where: { sellerId, liftedAt: null } })
    if (frozen > 0) return //= return: yes  frozen sellers get nothing, silently

    const started = Date.now()
    let transferId: string
    try {
      transferId = await this.bank.transfer(account.reference, total)
    } catch (error) { //= catch: no  narrowed to the bank's refusal, which is stored
      if (!(error instanceof BankError)) throw error
      await this.prisma.bankAccount.update({ where: { id: account.id }, data: { verified: false, lastError: error.code } })
      return //= return: no  the refusal is stored with its code
    }
    await this.ledger.book({ sellerId, total, transferId })
    paidOut.add(1, { currency: account.currency, 'seller.id': sellerId }) //= bounded-labels  seller id as an attribute of a metric
    amount.record(total, { currency: account.currency })
    this.logger.log({ event: 'payout_sent', sellerId, transferId, ms: Date.now() - started })
  }

  async retry(payoutId: string): Promise<{ ok: boolean; reason?: string }> {
    const payout = await this.prisma.payout.findUnique({ where: { id: payoutId } })
    if (!payout) return { ok: false, reason: 'not_found' } //= return: no  result carries the reason
    if (payout.state !== 'FAILED') return { ok: false, reason: 'not_failed' } //= return: no  result carries the reason
    await this.prisma.payout.update({ where: { id: payoutId }, data: { state: 'DUE', dueAt: new Date() } })
    return { ok: true }
  }
}
