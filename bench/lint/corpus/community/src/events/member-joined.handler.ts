import { Logger } from '@nestjs/common';
import { EventsHandler, IEventHandler } from '@nestjs/cqrs';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { MailerService } from '../mail/mailer.service';
import { Invitation } from '../members/invitation.entity';
import { Member } from '../members/member.entity';
import { MemberJoinedEvent } from '../members/events/member-joined.event';
import { BadgesService } from '../members/badges.service';

@EventsHandler(MemberJoinedEvent)
export class MemberJoinedHandler implements IEventHandler<MemberJoinedEvent> {
  private readonly logger = new Logger(MemberJoinedHandler.name);

  constructor(
    @InjectRepository(Member) private readonly members: Repository<Member>,
    @InjectRepository(Invitation) private readonly invitations: Repository<Invitation>,
    private readonly mailer: MailerService,
    private readonly badges: BadgesService,
  ) {}

  async handle({ memberId }: MemberJoinedEvent): Promise<void> {
    const member = await this.members.findOneBy({ id: memberId });
    if (!member) {
      this.logger.warn({ msg: 'member_vanished_before_welcome', memberId });
      return; //= return: no  logged
    }
    console.log('joined', member); //= no-console  left-over debug print //= no-sensitive-fields  whole member entity, that is the user
    await Promise.all([this.welcome(member), this.rewardInviter(member)]);
  }

  private async welcome(member: Member) {
    if (member.origin === 'import') return; //= return: no  type filter on the parameter
    if (!member.emailVerifiedAt) return; //= return: yes  welcome mail not sent, unverified address

    await this.mailer.send(member.email, 'welcome', { name: member.displayName, locale: member.locale });
    this.logger.log({ msg: 'welcome_mail_sent', memberId: member.id });
  }

  private async rewardInviter(member: Member) {
    const invitation = await this.invitations.findOne({ where: { email: member.email }, relations: { inviter: true } });
    if (!invitation) return; //= return: no  came without an invitation, ordinary case

    if (invitation.expiresAt < new Date()) return; //= return: yes  inviter gets no reward, nothing says the invitation had expired

    const used = await this.invitations.count({ where: { inviter: { id: invitation.inviter.id }, state: 'accepted' } });
    await this.invitations.update(invitation.id, { state: 'accepted', acceptedAt: new Date() });
    if (used < 5) return; //= return: no  threshold rule, badge not yet due

    try {
      await this.badges.award(invitation.inviter.id, 'ambassador');
    } catch { //= catch: yes  badge silently lost
      return; //= return: maybe  the swallowed catch is the actual finding
    }
    await this.mailer.send(invitation.inviter.email, 'badge-earned', { badge: 'ambassador' });
  }
}
