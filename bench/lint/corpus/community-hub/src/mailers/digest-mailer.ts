import { createTransport, type Transporter } from 'nodemailer';
import { createLogger } from '../lib/logger.js';
import { Digest, Membership, Space, User } from '../models/index.js';
import { renderDigest } from './templates.js';
import { unsubscribeUrl } from '../utils/urls.js';

const logger = createLogger('digest-mailer');

export interface DigestJob {
  userId: string;
  spaceId: string;
  period: 'daily' | 'weekly';
}

export class DigestMailer {
  private transport?: Transporter;

  private get smtp(): Transporter {
    if (this.transport) return this.transport; //= return: no  cached
    logger.info('smtp_transport_created', { host: process.env.SMTP_HOST, env: process.env }); //= no-sensitive-fields  whole process.env
    return (this.transport = createTransport({ url: process.env.SMTP_URL }));
  }

  async process({ userId, spaceId, period }: DigestJob): Promise<void> {
    const [user, space] = await Promise.all([User.findByPk(userId), Space.findByPk(spaceId)]);
    if (!user?.email || !space) return; //= return: yes  digest dropped because of missing data

    const membership = await Membership.findOne({ where: { userId, spaceId } });
    if (membership?.digest !== period) return; //= return: yes  preference changed after queueing, unanswerable later

    if (user.bouncedAt) {
      return; //= return: yes  bounced address, the mail stops for ever without a trace
    }

    const digest = await Digest.build(space, user, period);
    if (digest.items.length === 0) return; //= return: no  nothing to send

    try {
      await this.smtp.sendMail({
        to: user.email,
        subject: digest.subject,
        html: renderDigest(digest),
        list: { unsubscribe: unsubscribeUrl(user.id, spaceId) },
      });
    } catch (err) { //= catch: no  logged and rethrown
      logger.error('digest_not_sent', { err, userId, spaceId, period }); //= no-double-report  logged as error and thrown on
      throw err;
    }
    await membership.update({ digestSentAt: new Date() });
    logger.info('digest_sent', { userId, spaceId, period, items: digest.items.length });
  }

  async handleBounce(message: { recipient: string; type: string; diagnostic?: string }): Promise<boolean> {
    if (message.type !== 'permanent') return false; //= return: no  type filter
    const user = await User.findOne({ where: { email: message.recipient } });
    if (!user) return false; //= return: yes  bounce for an unknown address is not kept anywhere
    await user.update({ bouncedAt: new Date() });
    logger.warn('address_bounced', { user, diagnostic: message.diagnostic }); //= no-sensitive-fields  whole user
    return true;
  }

  async verify(): Promise<{ ok: boolean; error?: unknown }> {
    try {
      await this.smtp.verify();
      return { ok: true }; //= return: no  result
    } catch (error) { //= catch: no  returned value carries the error
      return { ok: false, error }; //= return: no  result carries the error
    }
  }
}
