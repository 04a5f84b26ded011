import type { Knex } from 'knex';
import { Histogram, Counter } from 'prom-client';
import { createLogger } from '../lib/logger';
import { SupplierGateway, SupplierTimeout } from '../clients/supplier-gateway';
import { MailQueue } from '../lib/mail-queue';
import { withAdvisoryLock } from '../lib/advisory-lock';

const logger = createLogger('replenishment');
const orders = new Counter({ name: 'purchase_orders_total', help: 'Purchase orders', labelNames: ['supplier', 'result'] });
const runSeconds = new Histogram({ name: 'replenishment_run_seconds', help: 'Run time' });

interface Proposal {
  itemId: number;
  sku: string;
  supplierId: number | null;
  quantity: number;
}

export class ReplenishmentJob {
  private lastRun?: Date;

  constructor(
    private readonly db: Knex,
    private readonly suppliers: SupplierGateway,
    private readonly mails: MailQueue,
  ) {}

  run = async (): Promise<void> => {
    const locked = await withAdvisoryLock(this.db, 'replenishment', async () => {
      const end = runSeconds.startTimer();
      try {
        const proposals = await this.proposals();
        for (const proposal of proposals) await this.order(proposal);
        this.lastRun = new Date();
      } catch (err) { //= catch: no  reaches the log, as interpolated text only
        logger.error(`replenishment run failed ${err}`); //= error-with-context  error interpolated //= structured-event  interpolated
      } finally {
        end();
      }
    });
    if (!locked) return; // other node is on it //= return: no  reason comment on the line
    await this.report();
  };

  private async proposals(): Promise<Proposal[]> {
    const rows = await this.db('stock_levels').whereRaw('available < reorder_point');
    if (!rows.length) return []; //= return: no  nothing below the reorder point
    return rows.map((row): Proposal => {
      const missing = row.target - row.available;
      if (!row.pack_size) return { itemId: row.item_id, sku: row.sku, supplierId: row.supplier_id, quantity: missing }; //= return: no  mapping callback
      return { itemId: row.item_id, sku: row.sku, supplierId: row.supplier_id, quantity: Math.ceil(missing / row.pack_size) * row.pack_size };
    });
  }

  private async order(proposal: Proposal): Promise<void> {
    if (proposal.quantity < 1) return; //= return: no  nothing to order, plain parameter guard
    if (proposal.supplierId === null) return; //= return: yes  item below its reorder point is never ordered

    const supplier = await this.db('suppliers').where({ id: proposal.supplierId }).first();
    if (!supplier) return; //= return: yes  dangling supplier id, item runs out silently

    const open = await this.db('purchase_orders').where({ item_id: proposal.itemId, state: 'open' }).first();
    if (open) {
      orders.inc({ supplier: supplier.code, result: 'already_open' });
      return; //= return: no  counted with a result label
    }
    if (supplier.min_order_value && proposal.quantity * supplier.unit_price < supplier.min_order_value) {
      return; //= return: yes  business rule stops the order, buyers will ask
    }

    try {
      const ref = await this.suppliers.placeOrder(supplier.code, proposal.sku, proposal.quantity);
      await this.db('purchase_orders').insert({ item_id: proposal.itemId, supplier_id: supplier.id, quantity: proposal.quantity, ref, state: 'open' });
      orders.inc({ supplier: supplier.code, result: 'placed' });
    } catch (err) { //= catch: no  timeout narrowed to a queue, rest logged and rethrown
      if (err instanceof SupplierTimeout) {
        await this.db('purchase_order_retries').insert({ item_id: proposal.itemId, quantity: proposal.quantity });
        return; //= return: maybe  the retry row is a trace, but no one sees the timeout
      }
      logger.error('purchase order failed', { err, sku: proposal.sku, supplier: supplier.code }); //= no-double-report  logged as an error and rethrown, run() logs again
      throw err;
    }
  }

  private async report(): Promise<void> {
    const recipients = await this.db('users').where({ role: 'buyer', daily_report: true });
    if (recipients.length === 0) return; //= return: maybe  no subscriber is a normal state, yet the report silently ends
    const summary = await this.db('purchase_orders').where('created_at', '>', this.lastRun ?? new Date(0)).count();
    try {
      await this.mails.enqueue('replenishment-report', recipients.map((r) => r.email), summary);
    } catch { //= catch: yes  report lost without a trace
      return; //= return: yes  report was not queued and nothing says so
    }
  }
}
