import { Injectable } from '@nestjs/common';
import { Cron, CronExpression } from '@nestjs/schedule';
import { InjectRepository } from '@nestjs/typeorm';
import { subDays, subHours } from 'date-fns';
import { InjectPinoLogger, PinoLogger } from 'nestjs-pino';
import { Between, Repository } from 'typeorm';
import { Customer } from '../customers/customer.entity';
import { MailerService } from '../notifications/mailer.service';
import { Order } from '../orders/order.entity';
import { Cart } from './cart.entity';
import { CouponsService } from './coupons.service';

@Injectable()
export class AbandonedCartCron {
  constructor(
    @InjectRepository(Cart) private readonly carts: Repository<Cart>,
    @InjectRepository(Order) private readonly orders: Repository<Order>,
    @InjectRepository(Customer) private readonly customers: Repository<Customer>,
    private readonly mailer: MailerService,
    private readonly coupons: CouponsService,
    @InjectPinoLogger(AbandonedCartCron.name) private readonly logger: PinoLogger,
  ) {}

  @Cron(CronExpression.EVERY_HOUR)
  async remind(): Promise<void> {
    const carts = await this.carts.find({
      where: { updatedAt: Between(subDays(new Date(), 2), subHours(new Date(), 20)), remindedAt: undefined },
      relations: { lines: true },
      take: 200,
    });
    if (carts.length === 0) {
      return; //= return: no  nothing to do
    }

    let sent = 0;
    for (const cart of carts) {
      try {
        if (await this.remindOne(cart)) sent++;
      } catch (err) { //= catch: no  logged with id
        this.logger.error({ err, cartId: cart.id }, 'reminder failed');
      }
    }
    this.logger.info({ carts: carts.length, sent }, 'abandoned_cart_reminders_sent');
  }

  private async remindOne(cart: Cart): Promise<boolean> {
    if (!cart.customerId || cart.lines.length === 0) return false; //= return: no  guests and empty carts are filtered, the answer counts

    const customer = await this.customers.findOneBy({ id: cart.customerId });
    if (!customer?.consents.marketing) {
      return false; //= return: yes  no reminder for want of consent, nobody can tell later
    }

    const ordered = await this.orders.existsBy({ customerId: customer.id, placedAt: Between(cart.updatedAt, new Date()) });
    if (ordered) {
      await this.carts.update(cart.id, { remindedAt: new Date() });
      return false; //= return: yes  marked as reminded although no mail went out
    }

    let coupon: string | undefined;
    try {
      coupon = await this.coupons.issue(customer.id, 'comeback');
    } catch { //= catch: yes  mails go out without coupon and nobody knows
      coupon = undefined;
    }
    await this.mailer.send('abandoned-cart', customer.email, { cart, coupon });
    await this.carts.update(cart.id, { remindedAt: new Date() });
    return true;
  }
}
