import { Injectable, Logger, OnModuleInit } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import { EventEmitter2 } from '@nestjs/event-emitter';
import { InjectRepository } from '@nestjs/typeorm';
import { connect, ConsumeMessage, Channel } from 'amqplib';
import { Repository } from 'typeorm';
import { Supplier } from './supplier.entity';
import { PurchaseOrder } from './purchase-order.entity';
import { InventoryService } from './inventory.service';

interface DespatchAdvice {
  type: 'despatch' | 'cancel' | 'ping';
  supplier: string;
  purchaseOrder: string;
  lines: { sku: string; quantity: number }[];
}

@Injectable()
export class SupplierMessagesConsumer implements OnModuleInit {
  private readonly logger = new Logger(SupplierMessagesConsumer.name);
  private channel?: Channel;

  constructor(
    private readonly config: ConfigService,
    private readonly inventory: InventoryService,
    private readonly events: EventEmitter2,
    @InjectRepository(Supplier) private readonly suppliers: Repository<Supplier>,
    @InjectRepository(PurchaseOrder) private readonly purchaseOrders: Repository<PurchaseOrder>,
  ) {}

  async onModuleInit() {
    const url = this.config.get<string>('amqp.url');
    if (!url) return; //= return: no  not configured on this installation
    const connection = await connect(url);
    connection.on('error', (err) => this.logger.error(err));
    this.channel = await connection.createChannel();
    await this.channel.prefetch(10);
    await this.channel.consume('supplier.messages', (message) => this.consume(message));
  }

  private consume = async (message: ConsumeMessage | null): Promise<void> => {
    if (!message) return; //= return: no  consumer cancelled, guard on the parameter

    const advice = this.decode(message);
    if (!advice) {
      this.channel!.nack(message, false, false);
      return; //= return: yes  unreadable message of a supplier goes to the dead letters in silence
    }

    try {
      await this.apply(advice);
      this.channel!.ack(message);
    } catch (err) { //= catch: yes  message is requeued again and again, the error is never seen
      this.channel!.nack(message, false, !message.fields.redelivered);
    }
  };

  private decode(message: ConsumeMessage): DespatchAdvice | null {
    if (message.properties.contentType !== 'application/json') return null; //= return: no  parser
    try {
      return JSON.parse(message.content.toString('utf8')); //= return: no  parser
    } catch { //= catch: no  parse probe
      return null; //= return: no  parser
    }
  }

  private async apply(advice: DespatchAdvice) {
    if (advice.type === 'ping') return; //= return: no  type filter

    const supplier = await this.suppliers.findOneBy({ code: advice.supplier });
    if (!supplier || !supplier.active) return; //= return: yes  message of an unknown supplier is acknowledged and forgotten

    const purchaseOrder = await this.purchaseOrders.findOneBy({ number: advice.purchaseOrder, supplierId: supplier.id });
    if (!purchaseOrder) {
      return; //= return: yes  goods announced for an unknown purchase order
    }

    if (advice.type === 'cancel') {
      await this.purchaseOrders.update(purchaseOrder.id, { cancelledAt: new Date() });
      this.events.emit('purchase-order.cancelled', { id: purchaseOrder.id });
      return; //= return: no  branch done
    }

    if (purchaseOrder.receivedAt) {
      // suppliers send corrections for a week, the first advice counts
      return; //= return: no  reason comment
    }
    for (const { sku, quantity } of advice.lines) {
      await this.inventory.applyDelivery(sku, quantity);
    }
    await this.purchaseOrders.update(purchaseOrder.id, { receivedAt: new Date() });
    this.logger.log({ purchaseOrderId: purchaseOrder.id, supplier: supplier.code, lines: advice.lines.length }, 'delivery booked');
  }
}
