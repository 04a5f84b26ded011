import { ForbiddenException, Injectable, Logger } from '@nestjs/common';
import { OnEvent } from '@nestjs/event-emitter';
import { InjectRepository } from '@nestjs/typeorm';
import { addDays } from 'date-fns';
import { Repository } from 'typeorm';
import { Customer } from '../customers/customer.entity';
import { MailerService } from '../notifications/mailer.service';
import { Order } from '../orders/order.entity';
import { QueueService } from '../common/queue.service';
import { ModerationClient } from './moderation.client';
import { Review } from './review.entity';

@Injectable()
export class ReviewsService {
  private readonly logger = new Logger(ReviewsService.name);

  constructor(
    @InjectRepository(Review) private readonly reviews: Repository<Review>,
    @InjectRepository(Order) private readonly orders: Repository<Order>,
    @InjectRepository(Customer) private readonly customers: Repository<Customer>,
    private readonly moderation: ModerationClient,
    private readonly mailer: MailerService,
    private readonly queue: QueueService,
  ) {}

  @OnEvent('shipment.delivered')
  async scheduleInvitation({ orderId }: { orderId: string }): Promise<void> {
    const order = await this.orders.findOneBy({ id: orderId });
    if (!order) return Promise.resolve(); //= return: yes  review invitation never scheduled
    await this.queue.add('review-invitation', { orderId }, { runAt: addDays(new Date(), 7) });
  }

  async invite(orderId: string): Promise<void> {
    const order = await this.orders.findOne({ where: { id: orderId }, relations: { lines: true } });
    const customer = order?.customerId ? await this.customers.findOneBy({ id: order.customerId }) : null;
    if (!order || !customer) return; //= return: yes  invitation dropped
    if (order.returnedAt) {
      // asking for a review of something sent back would be rude
      return; //= return: no  reason comment
    }

    const reviewed = await this.reviews.countBy({ customerId: customer.id, orderId });
    if (reviewed) return; //= return: no  already reviewed, idempotent
    await this.mailer.send('review-invitation', customer.email, { order });
  }

  async create(customerId: string, productId: string, text: string, stars: number): Promise<Review> {
    const bought = await this.orders.existsBy({ customerId, lines: { productId } });
    if (!bought) throw new ForbiddenException('Only buyers can review');

    const review = await this.reviews.save({ customerId, productId, text, stars, published: false });
    let verdict: 'ok' | 'spam' | 'unsure';
    try {
      verdict = await this.moderation.check(text);
    } catch (err) { //= catch: no  logged
      this.logger.warn({ err, reviewId: review.id }, 'moderation not available, held for manual review');
      return review; //= return: no  logged
    }

    if (verdict !== 'ok') {
      await this.reviews.update(review.id, { verdict });
      return review; //= return: maybe  review is withheld, the row has the verdict but no log does
    }
    await this.reviews.update(review.id, { published: true, verdict });
    return { ...review, published: true };
  }
}
