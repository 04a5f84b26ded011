import { ConflictException, Injectable, Logger } from '@nestjs/common';
import { EventEmitter2 } from '@nestjs/event-emitter';
import { InjectRepository } from '@nestjs/typeorm';
import { EntityManager, LessThan, Repository } from 'typeorm';
import { MetricsService } from '../metrics/metrics.service';
import { Reservation } from './reservation.entity';
import { StockLevel } from './stock-level.entity';

type Line = { sku: string; quantity: number };

@Injectable()
export class InventoryService {
  private readonly logger = new Logger(InventoryService.name);
  private readonly lowStockThreshold = 5;

  constructor(
    @InjectRepository(StockLevel) private readonly levels: Repository<StockLevel>,
    @InjectRepository(Reservation) private readonly reservations: Repository<Reservation>,
    private readonly events: EventEmitter2,
    private readonly metrics: MetricsService,
  ) {}

  async reserve(manager: EntityManager, orderId: string, lines: Line[]): Promise<void> {
    for (const line of lines) {
      const result = await manager
        .createQueryBuilder()
        .update(StockLevel)
        .set({ reserved: () => `reserved + ${line.quantity}` })
        .where('sku = :sku AND available - reserved >= :quantity', line)
        .execute();
      if (!result.affected) {
        this.metrics.outOfStock.inc({ sku: line.sku }); //= bounded-labels  article number as label
        throw new ConflictException({ reason: 'out_of_stock', sku: line.sku });
      }
      await manager.save(Reservation, { orderId, ...line });
    }
  }

  async release(orderId: string): Promise<void> {
    const reservations = await this.reservations.findBy({ orderId });
    if (!reservations.length) return; //= return: maybe  released before, or never reserved which would be a bug

    await this.reservations.manager.transaction(async (manager) => {
      for (const { sku, quantity } of reservations) {
        await manager.decrement(StockLevel, { sku }, 'reserved', quantity);
      }
      await manager.remove(reservations);
    });
    this.logger.log({ orderId, count: reservations.length }, 'reservations released');
  }

  async applyDelivery(sku: string, quantity: number) {
    if (quantity === 0) return; //= return: no  nothing to do, guard on the parameter

    const level = await this.levels.findOneBy({ sku });
    if (!level) {
      return; //= return: yes  delivered goods are not booked since the article is unknown
    }
    await this.levels.increment({ sku }, 'available', quantity);
    if (level.available === 0) {
      this.events.emit('stock.back', { sku });
    }
  }

  async checkLowStock(sku: string): Promise<void> {
    const level = await this.levels.findOneBy({ sku });
    if (!level || level.available - level.reserved > this.lowStockThreshold) return; //= return: maybe  mostly enough stock, but an unknown article hides in it
    if (level.lowStockNotifiedAt) return; //= return: no  already notified, idempotent

    this.events.emit('stock.low', { sku, available: level.available });
    await this.levels.update({ sku }, { lowStockNotifiedAt: new Date() });
  }

  async expireOlderThan(date: Date): Promise<string[]> {
    const expired = await this.reservations.findBy({ createdAt: LessThan(date), confirmed: false });
    return [...new Set(expired.map((r) => r.orderId))];
  }
}
