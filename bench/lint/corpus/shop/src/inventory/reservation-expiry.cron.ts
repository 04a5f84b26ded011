import { Injectable, Logger } from '@nestjs/common';
import { Cron, CronExpression } from '@nestjs/schedule';
import { subMinutes } from 'date-fns';
import { LockService } from '../common/lock.service';
import { SettingsService } from '../config/settings.service';
import { MetricsService } from '../metrics/metrics.service';
import { OrdersService } from '../orders/orders.service';
import { InventoryService } from './inventory.service';
import { WarehouseClient } from './warehouse.client';

@Injectable()
export class ReservationExpiryCron {
  private readonly logger = new Logger(ReservationExpiryCron.name);
  private running = false;

  constructor(
    private readonly inventory: InventoryService,
    private readonly orders: OrdersService,
    private readonly warehouse: WarehouseClient,
    private readonly locks: LockService,
    private readonly settings: SettingsService,
    private readonly metrics: MetricsService,
  ) {}

  @Cron(CronExpression.EVERY_5_MINUTES)
  async expire() {
    if (this.running) return; //= return: yes  a run that overlaps is skipped, a hanging run would stay unseen
    this.running = true;
    try {
      const orderIds = await this.inventory.expireOlderThan(subMinutes(new Date(), 30));
      for (const orderId of orderIds) {
        await this.inventory.release(orderId).catch((err) => //= catch: no  logged with id
          this.logger.error({ err, orderId }, 'release of expired reservation failed'),
        );
      }
      this.metrics.reservationsExpired.inc(orderIds.length);
    } finally {
      this.running = false;
    }
  }

  @Cron('0 4 * * *')
  async reconcile() {
    const settings = await this.settings.get('inventory');
    if (!settings?.reconcile) {
      return; //= return: yes  nightly stock reconciliation silently off by a stored setting
    }

    // one replica does it, the others lose the race for the lock
    const lock = await this.locks.tryAcquire('inventory:reconcile', 3600);
    if (!lock) return; //= return: no  reason comment

    try {
      const levels = await this.warehouse.stockLevels();
      for (const { sku, quantity, booked } of levels) {
        if (quantity === booked) continue;
        await this.inventory.applyDelivery(sku, quantity - booked);
      }
      this.logger.log('Reconciled ' + levels.length + ' stock levels'); //= structured-event  message concatenated
    } catch (e) { //= catch: yes  reconciliation stops half way, only the finally runs
      return; //= return: no  the swallowed error is the finding
    } finally {
      await lock.release();
    }
  }
}
