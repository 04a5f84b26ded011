import { Injectable, Logger } from '@nestjs/common';
import { EventEmitter2 } from '@nestjs/event-emitter';
import { Cron } from '@nestjs/schedule';
import { InjectRepository } from '@nestjs/typeorm';
import { differenceInDays } from 'date-fns';
import { IsNull, Not, Repository } from 'typeorm';
import { CarrierClient } from './carrier.client';
import { Shipment } from './shipment.entity';

@Injectable()
export class TrackingPollCron {
  private readonly logger = new Logger(TrackingPollCron.name);

  constructor(
    @InjectRepository(Shipment) private readonly shipments: Repository<Shipment>,
    private readonly carrier: CarrierClient,
    private readonly events: EventEmitter2,
  ) {}

  @Cron('*/20 * * * *')
  async poll() {
    const open = await this.shipments.findBy({ trackingCode: Not(IsNull()), deliveredAt: IsNull() });
    await Promise.all(open.map((shipment) => this.pollOne(shipment).catch(() => {}))); //= catch: yes  every polling failure is dropped
  }

  private async pollOne(shipment: Shipment): Promise<void> {
    if (differenceInDays(new Date(), shipment.createdAt) > 60) {
      return; //= return: yes  given up after sixty days, parcel lost and nobody told
    }

    const { state, at } = await this.carrier.track(shipment.trackingCode!);
    if (state === shipment.state) return; //= return: no  nothing changed

    if (state === 'unknown') {
      this.logger.verbose({ shipmentId: shipment.id }, 'carrier does not know the parcel yet');
      return; //= return: no  logged
    } else if (state === 'returned') {
      await this.shipments.update(shipment.id, { state, returnedAt: at });
      this.events.emit('shipment.returned', { shipmentId: shipment.id, orderId: shipment.orderId });
      return; //= return: no  branch done
    }

    await this.shipments.update(shipment.id, { state, deliveredAt: state === 'delivered' ? at : null });
    if (state !== 'delivered') return; //= return: no  only a delivery is announced, plain filter
    this.events.emit('shipment.delivered', { shipmentId: shipment.id, orderId: shipment.orderId });
  }
}
