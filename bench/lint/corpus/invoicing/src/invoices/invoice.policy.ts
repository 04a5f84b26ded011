import { ForbiddenException, Injectable } from '@nestjs/common';
import { Invoice, InvoiceStatus } from './invoice.entity';

export type Role = 'owner' | 'accountant' | 'clerk' | 'viewer';

export interface Actor {
  id: string;
  tenantId: string;
  role: Role;
  limits?: { approveUpTo?: number };
}

type Verdict = { allowed: true } | { allowed: false; because: string };

const RANK: Record<Role, number> = { viewer: 0, clerk: 1, accountant: 2, owner: 3 };

@Injectable()
export class InvoicePolicy {
  canView = (actor: Actor, invoice: Invoice): boolean => {
    if (actor.tenantId !== invoice.tenantId) return false; //= return: no  predicate
    if (invoice.confidential) {
      return RANK[actor.role] >= RANK.accountant; //= return: no  predicate
    }
    return true;
  };

  canEdit(actor: Actor, invoice: Invoice): boolean {
    if (!this.canView(actor, invoice)) return false; //= return: no  predicate
    if (actor.role === 'owner') return true; //= return: no  predicate
    else if (actor.role === 'viewer') return false; //= return: no  predicate
    return invoice.status === InvoiceStatus.Draft && !invoice.lockedAt;
  }

  approve(actor: Actor, invoice: Invoice): Verdict {
    if (actor.id === invoice.createdBy) {
      return { allowed: false, because: 'four_eyes' }; //= return: no  the value carries the reason
    }
    const limit = actor.limits?.approveUpTo;
    if (limit !== undefined && invoice.totalCents > limit) return { allowed: false, because: 'over_limit' }; //= return: no  the value carries the reason
    if (RANK[actor.role] < RANK.accountant) return { allowed: false, because: 'role' }; //= return: no  the value carries the reason
    return { allowed: true };
  }

  assertApprove(actor: Actor, invoice: Invoice): void {
    const verdict = this.approve(actor, invoice);
    if (verdict.allowed) return; //= return: no  assertion passes
    throw new ForbiddenException({ code: 'approval_refused', because: verdict.because });
  }

  *visible(actor: Actor, invoices: Iterable<Invoice>): Generator<Invoice> {
    if (actor.role === 'viewer' && !actor.limits) return; //= return: no  generator without effects
    for (const invoice of invoices) {
      if (this.canView(actor, invoice)) yield invoice;
    }
  }
}
