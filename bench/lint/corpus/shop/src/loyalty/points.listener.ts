import { Injectable, Logger } from '@nestjs/common';
import { OnEvent } from '@nestjs/event-emitter';
import { InjectRepository } from '@nestjs/typeorm';
import { DataSource, Repository } from 'typeorm';
import { Customer } from '../customers/customer.entity';
import { MailerService } from '../notifications/mailer.service';
import { Order } from '../orders/order.entity';
import { Account } from './account.entity';
import { Booking } from './booking.entity';
import { tierFor } from './tiers';

@Injectable()
export class PointsListener {
  private readonly logger = new Logger(PointsListener.name);

  constructor(
    @InjectRepository(Order) private readonly orders: Repository<Order>,
    @InjectRepository(Account) private readonly accounts: Repository<Account>,
    @InjectRepository(Customer) private readonly customers: Repository<Customer>,
    private readonly dataSource: DataSource,
    private readonly mailer: MailerService,
  ) {}

  @OnEvent('order.paid')
  async credit({ orderId }: { orderId: string }) {
    const order = await this.orders.findOneBy({ id: orderId });
    if (!order?.customerId) return; //= return: maybe  guests collect no points, but a missing order hides in it

    const account = await this.accounts.findOneBy({ customerId: order.customerId });
    if (!account) {
      return; //= return: no  not a member of the programme, ordinary case
    }
    if (account.frozen) {
      return; //= return: yes  points withheld for a frozen account, support will be asked
    }

    const points = Math.floor(order.total / 100);
    try {
      await this.dataSource.transaction(async (manager) => {
        await manager.insert(Booking, { accountId: account.id, orderId, points });
        await manager.increment(Account, { id: account.id }, 'points', points);
      });
    } catch (err) { //= catch: no  logged
      this.logger.error(`Could not credit ${points} points: ${(err as Error).message}`); //= error-with-context  only the message of the error is kept //= structured-event  values interpolated
      return; //= return: no  logged
    }
    await this.upgrade(account.id);
  }

  @OnEvent('order.refunded')
  async revoke({ orderId, accountId }: { orderId: string; accountId?: string }) {
    const booking = await this.dataSource.getRepository(Booking).findOneBy({ orderId });
    if (!booking) return; //= return: no  no points were credited, nothing to revoke

    const account = await this.accounts.findOneBy({ id: accountId ?? booking.accountId });
    if (!account) {
      this.logger.warn({ orderId, bookingId: booking.id }, 'booking without account');
      return; //= return: no  logged
    }
    if (account.points < booking.points) {
      await this.accounts.update(account.id, { points: 0 });
      return; //= return: yes  debt is forgiven, booking stays, nothing tells
    }
    await this.accounts.decrement({ id: account.id }, 'points', booking.points);
    await this.dataSource.getRepository(Booking).remove(booking);
  }

  private async upgrade(accountId: string) {
    const account = await this.accounts.findOneByOrFail({ id: accountId });
    const tier = tierFor(account.points);
    if (tier === account.tier) return; //= return: no  tier unchanged

    await this.accounts.update(account.id, { tier });
    const customer = await this.customers.findOneBy({ id: account.customerId });
    if (!customer) return; //= return: yes  congratulation is not sent, customer missing
    await this.mailer.send('tier-reached', customer.email, { tier });
  }
}
