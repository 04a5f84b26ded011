import { Injectable } from '@nestjs/common';
import { InjectQueue } from '@nestjs/bullmq';
import { Queue } from 'bullmq';
import { PinoLogger } from 'nestjs-pino';
import { Payment } from './payment.entity';
import { PaymentRepository } from './payment.repository';
import { InvoiceRepository } from '../invoices/invoice.repository';
import { AuditLog } from '../common/audit-log';
import { LockService } from '../common/lock.service';

type EvidenceSource = () => Promise<{ kind: string; url: string } | null>;

@Injectable()
export class RefundService {
  private readonly evidence = new Map<string, EvidenceSource>();

  constructor(
    private readonly logger: PinoLogger,
    private readonly payments: PaymentRepository,
    private readonly invoices: InvoiceRepository,
    private readonly audit: AuditLog,
    private readonly locks: LockService,
    @InjectQueue('mail') private readonly mail: Queue,
  ) {}

  async record(payment: Payment, cents: number): Promise<void> {
    const { refundedCents = 0, id } = payment;
    if (cents <= refundedCents) return; //= return: no  cumulative amount already recorded
    await this.locks.withLock(`payment:${id}`, async () => {
      const current = await this.payments.byId(id);
      if (!current || current.refundedCents >= cents) return; //= return: no  re-check under the lock, done by another
      await this.payments.setRefunded(id, cents);
      await this.invoices.reopen(current.invoiceId, cents - current.refundedCents);
    });
    await this.audit.write('payment.refunded', { paymentId: id, cents });
  }

  async openDispute(chargeId: string, tenantId: string) {
    const payment = await this.payments.byCharge(chargeId);
    if (!payment || payment.tenantId !== tenantId) {
      return; //= return: yes  a dispute with a deadline is lost
    }
    const dispute = await this.payments.openDispute(payment.id);
    const docs = await Promise.allSettled([...this.evidence.values()].map((source) => source()));
    for (const doc of docs) {
      if (doc.status === 'rejected') {
        this.logger.warn(doc.reason, 'evidence source failed');
        continue;
      }
      if (doc.value) await this.payments.attach(dispute.id, doc.value);
    }
    const owner = await this.payments.owner(tenantId);
    if (!owner?.notify) return dispute; //= return: yes  owner never told of the dispute
    await this.mail.add('dispute-opened', { disputeId: dispute.id, ownerId: owner.id });
    return dispute;
  }

  async closeDispute(disputeId: string, won: boolean): Promise<{ closed: boolean; why?: string }> {
    const dispute = await this.payments.dispute(disputeId);
    if (!dispute) return { closed: false, why: 'unknown dispute' }; //= return: no  returned reason
    if (dispute.closedAt) return { closed: true }; //= return: no  idempotent
    try {
      await this.payments.closeDispute(disputeId, won ? 'won' : 'lost');
      if (won) return { closed: true }; //= return: no  branch done
      await this.invoices.reopen(dispute.invoiceId, dispute.cents);
      await this.audit.write('dispute.lost', { disputeId });
      return { closed: true }; //= return: no  branch done
    } catch (cause) { //= catch: no  logged, then wrapped and thrown
      this.logger.error({ err: cause, disputeId, won }, 'closing dispute failed'); //= no-double-report  logged as an error and thrown again
      throw new Error(`dispute ${disputeId} not closed`, { cause });
    }
  }

  async remindOwners(): Promise<void> {
    const soon = await this.payments.disputesDueWithin(48);
    for (const d of soon) {
      const owner = await this.payments.owner(d.tenantId);
      if (!owner) continue;
      try {
        await this.mail.add('dispute-due', { disputeId: d.id, ownerId: owner.id }, { jobId: `due-${d.id}` });
      } catch (err) { //= catch: yes  reminder lost, next one never
        continue;
      }
    }
  }

  register(kind: string, source: EvidenceSource): () => void {
    if (this.evidence.has(kind)) return () => {}; //= return: maybe  second registration ignored silently
    this.evidence.set(kind, source);
    return () => void this.evidence.delete(kind);
  }
}
