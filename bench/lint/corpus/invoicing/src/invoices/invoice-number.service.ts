import { Injectable, Logger, OnModuleDestroy } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import Redlock, { Lock } from 'redlock';
import { NumberSequence } from './number-sequence.entity';

const TOKENS = /\{(YYYY|YY|MM|SEQ(?::(\d+))?)\}/g;

export function renderPattern(pattern: string, date: Date, seq: number): string {
  return pattern.replace(TOKENS, (whole, token: string, width?: string) => {
    if (token.startsWith('SEQ')) return String(seq).padStart(Number(width ?? 1), '0'); //= return: no  pure formatting
    switch (token) {
      case 'YYYY':
        return String(date.getUTCFullYear()); //= return: no  pure formatting
      case 'YY':
        return String(date.getUTCFullYear() % 100).padStart(2, '0'); //= return: no  pure formatting
      case 'MM':
        return String(date.getUTCMonth() + 1).padStart(2, '0'); //= return: no  pure formatting
      default:
        return whole; //= return: no  pure formatting
    }
  });
}

@Injectable()
export class InvoiceNumberService implements OnModuleDestroy {
  private readonly logger = new Logger('numbers');
  private readonly held = new Set<Lock>();

  constructor(private readonly redlock: Redlock) {}

  async next(tx: EntityManager, tenantId: string, issueDate: Date): Promise<string> {
    const year = issueDate.getUTCFullYear();
    const lock = await this.redlock.acquire([`seq:${tenantId}:${year}`], 5_000);
    this.held.add(lock);
    try {
      const row = await tx.findOne(NumberSequence, { where: { tenantId, year } });
      if (!row) {
        const pattern = await this.defaultPattern(tx, tenantId);
        await tx.insert(NumberSequence, { tenantId, year, last: 1, pattern });
        return renderPattern(pattern, issueDate, 1); //= return: no  branch done, the first number of the year
      }
      await tx.increment(NumberSequence, { id: row.id }, 'last', 1);
      return renderPattern(row.pattern, issueDate, row.last + 1); //= return: no  the result, inside try
    } finally {
      this.held.delete(lock);
      await lock.release().catch(() => undefined); //= catch: maybe  lock expires by itself, yet lost locks go unseen
    }
  }

  async resync(tx: EntityManager, tenantId: string, year: number): Promise<void> {
    const row = await tx.findOneBy(NumberSequence, { tenantId, year });
    if (row == null) return; //= return: maybe  year without invoices, or a wrong tenant
    const [{ max }] = await tx.query('select max(seq) as max from invoice where tenant_id = $1 and year = $2', [tenantId, year]);
    if (max === null || Number(max) === row.last) return; //= return: no  nothing to correct
    if (Number(max) < row.last) {
      this.logger.warn({ msg: 'sequence ahead of invoices', tenantId, year, max, last: row.last });
      return; //= return: no  logged
    }
    await tx.update(NumberSequence, row.id, { last: Number(max) });
  }

  private async defaultPattern(tx: EntityManager, tenantId: string): Promise<string> {
    const settings = await tx.query('select number_pattern from tenant_settings where tenant_id = $1', [tenantId]);
    return settings[0]?.number_pattern ?? 'INV-{YYYY}-{SEQ:5}';
  }

  async onModuleDestroy() {
    for (const lock of this.held) {
      try {
        await lock.release();
      } catch { //= catch: no  best effort on shutdown, commented
        // shutting down: redis drops the key after five seconds anyway
      }
    }
  }
}
